# AWS Config of the organisation: recorder, rules, a conformance pack and the document of a repair.
data "aws_organizations_organization" "this" {}

locals {
  others = data.aws_organizations_organization.this.non_master_accounts[*].id # they have no recorder here
}

resource "aws_config_configuration_recorder" "this" {
  name     = "acme"
  role_arn = "arn:aws:iam::111111111111:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
  recording_group {
    all_supported                 = true
    include_global_resource_types = true
  }
  recording_mode {
    recording_frequency = "CONTINUOUS"
    recording_mode_override {
      description         = "Often"
      recording_frequency = "DAILY"
      resource_types      = ["AWS::EC2::NetworkInterface"]
    }
  }
}

resource "aws_config_delivery_channel" "this" {
  name           = "acme"
  s3_bucket_name = data.terraform_remote_state.baseline.outputs.bucket
  s3_kms_key_arn = data.terraform_remote_state.baseline.outputs.key_arn
  snapshot_delivery_properties {
    delivery_frequency = "TwentyFour_Hours"
  }
  depends_on = [aws_config_configuration_recorder.this]
}

resource "aws_config_configuration_recorder_status" "this" {
  name       = aws_config_configuration_recorder.this.name
  is_enabled = true
  depends_on = [aws_config_delivery_channel.this]
}

resource "aws_config_retention_configuration" "this" {
  retention_period_in_days = 2557
}

resource "aws_config_organization_managed_rule" "this" {
  name              = "cw-loggroup-retention-period-check"
  description       = "LOG-03"
  rule_identifier   = "CW_LOGGROUP_RETENTION_PERIOD_CHECK"
  input_parameters  = jsonencode({ MinRetentionTime = "365" })
  excluded_accounts = local.others
  depends_on        = [aws_config_configuration_recorder_status.this]
}

resource "aws_config_organization_custom_policy_rule" "this" {
  name                 = "glue-job-protected"
  policy_runtime       = "guard-2.x.x"
  policy_text          = "rule x when resourceType == \"AWS::Glue::Job\" {\n  configuration.SecurityConfiguration exists\n}\n"
  trigger_types        = ["ConfigurationItemChangeNotification"]
  resource_types_scope = ["AWS::Glue::Job"]
  excluded_accounts    = local.others
  depends_on           = [aws_config_configuration_recorder_status.this]
}

resource "aws_config_organization_conformance_pack" "this" {
  name = "acme-pack"
  template_body = jsonencode({
    Parameters = { Days = { Type = "String" } }
    Resources = {
      Retention = {
        Type = "AWS::Config::ConfigRule"
        Properties = {
          ConfigRuleName  = "retention"
          InputParameters = { MinRetentionTime = { Ref = "Days" } }
          Source          = { Owner = "AWS", SourceIdentifier = "CW_LOGGROUP_RETENTION_PERIOD_CHECK" }
        }
      }
    }
  })
  input_parameter {
    parameter_name  = "Days"
    parameter_value = "365"
  }
  excluded_accounts = local.others
  depends_on        = [aws_config_configuration_recorder_status.this]
}

resource "aws_ssm_document" "repair" {
  name            = "acme-repair"
  document_type   = "Automation"
  document_format = "JSON"
  content = jsonencode({
    schemaVersion = "0.3"
    parameters    = { ResourceId = { type = "String" } }
    mainSteps     = [{ name = "wait", action = "aws:sleep", inputs = { Duration = "PT1S" } }]
  })
}
