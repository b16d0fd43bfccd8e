# Backup, quotas and budgets as an account's baseline uses them.
resource "aws_vpc_block_public_access_options" "this" {
  internet_gateway_block_mode = "block-bidirectional"
}

resource "aws_backup_vault" "this" {
  name        = "acme-backup"
  kms_key_arn = aws_kms_key.this.arn
  tags        = { owner = "platform" }
}

resource "aws_backup_vault_lock_configuration" "this" {
  backup_vault_name  = aws_backup_vault.this.name
  min_retention_days = 7
  max_retention_days = 365
}

resource "aws_backup_vault_policy" "this" {
  backup_vault_name = aws_backup_vault.this.name
  policy            = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "Keep", Effect = "Deny", Principal = "*", Action = "backup:DeleteRecoveryPoint", Resource = "*" }] })
}

# Every kind that the region knows, as this resource compares all of them.
resource "aws_backup_region_settings" "this" {
  resource_type_opt_in_preference = {
    for kind in ["Aurora", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "RDS", "S3", "VirtualMachine"] : kind => kind != "FSx"
  }
  resource_type_management_preference = { DynamoDB = true, EFS = true }
}

resource "aws_backup_plan" "this" {
  name = "acme-daily"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.this.name
    schedule          = "cron(0 1 ? * * *)"
    lifecycle {
      delete_after = 35
    }
  }
}

resource "aws_backup_selection" "this" {
  name         = "daily"
  plan_id      = aws_backup_plan.this.id
  iam_role_arn = aws_iam_role.apply.arn
  selection_tag {
    type  = "STRINGEQUALS"
    key   = "Backup"
    value = "daily"
  }
}

resource "aws_backup_restore_testing_plan" "this" {
  name                = "acme_restore_test"
  schedule_expression = "cron(0 5 ? * SUN *)"
  tags                = { owner = "platform" }
  recovery_point_selection {
    algorithm             = "LATEST_WITHIN_WINDOW"
    include_vaults        = [aws_backup_vault.this.arn]
    recovery_point_types  = ["SNAPSHOT"]
    selection_window_days = 30
  }
}

resource "aws_backup_restore_testing_selection" "this" {
  name                      = "S3"
  restore_testing_plan_name = aws_backup_restore_testing_plan.this.name
  protected_resource_type   = "S3"
  protected_resource_arns   = ["*"]
  iam_role_arn              = aws_iam_role.apply.arn
  validation_window_hours   = 4
}

data "aws_servicequotas_service_quota" "training" {
  service_code = "sagemaker"
  quota_code   = "L-CCE2AFA6"
}

# Asked for once, and then no change: what the account has counts.
resource "aws_servicequotas_service_quota" "training" {
  service_code = "sagemaker"
  quota_code   = "L-CCE2AFA6"
  value        = max(data.aws_servicequotas_service_quota.training.value, 20)
}

resource "aws_budgets_budget" "this" {
  name         = "acme-fraud-monthly"
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = "5000"
  limit_unit   = "USD"
  tags         = { owner = "platform" }
  cost_filter {
    name   = "TagKeyValue"
    values = ["user:Team$fraud"]
  }
  notification {
    comparison_operator        = "GREATER_THAN"
    notification_type          = "ACTUAL"
    threshold                  = 80
    threshold_type             = "PERCENTAGE"
    subscriber_email_addresses = ["lead@acme.example"]
  }
  notification {
    comparison_operator        = "GREATER_THAN"
    notification_type          = "FORECASTED"
    threshold                  = 100
    threshold_type             = "PERCENTAGE"
    subscriber_email_addresses = ["lead@acme.example"]
  }
}
