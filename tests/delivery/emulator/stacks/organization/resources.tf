# Everything of Organizations and the account API that the foundations use.
locals {
  policies = {
    SERVICE_CONTROL_POLICY    = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "Region", Effect = "Deny", Action = "*", Resource = "*", Condition = { StringEquals = { "aws:RequestedRegion" = "us-west-1" } } }] })
    RESOURCE_CONTROL_POLICY   = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "Tls", Effect = "Deny", Principal = "*", Action = "s3:*", Resource = "*", Condition = { Bool = { "aws:SecureTransport" = "false" } } }] })
    TAG_POLICY                = jsonencode({ tags = { owner = { tag_key = { "@@assign" = "owner" } } } })
    BACKUP_POLICY             = jsonencode({ plans = {} })
    AISERVICES_OPT_OUT_POLICY = jsonencode({ services = { default = { opt_out_policy = { "@@assign" = "optOut" } } } })
    DECLARATIVE_POLICY_EC2    = jsonencode({ ec2_attributes = { image_block_public_access = { state = { "@@assign" = "block_new_sharing" } } } })
    CHATBOT_POLICY            = jsonencode({ chatbot = {} })
  }
  trusted = [
    "access-analyzer", "account", "auditmanager", "backup", "cloudtrail", "compute-optimizer", "config",
    "config-multiaccountsetup", "cost-optimization-hub.bcm", "detective", "ec2", "fms", "guardduty", "health", "iam",
    "inspector2", "ipam", "license-manager", "macie", "malware-protection.guardduty",
    "member.org.stacksets.cloudformation", "observabilityadmin", "ram", "reporting.trustedadvisor",
    "resource-explorer-2", "securityhub", "servicecatalog", "servicequotas", "sso", "storage-lens.s3", "tagpolicies.tag",
  ]
  delegated = ["access-analyzer", "backup", "config", "guardduty", "macie", "securityhub", "servicecatalog"]
}

resource "aws_organizations_organization" "this" {
  feature_set                   = "ALL"
  enabled_policy_types          = keys(local.policies)
  aws_service_access_principals = [for name in local.trusted : "${name}.amazonaws.com"]
}

resource "aws_organizations_organizational_unit" "security" {
  name      = "Security"
  parent_id = aws_organizations_organization.this.roots[0].id
}

resource "aws_organizations_organizational_unit" "production" {
  name      = "Production"
  parent_id = aws_organizations_organizational_unit.security.id
  tags      = { level = "2" }
}

resource "aws_organizations_account" "log_archive" {
  name              = "log-archive"
  email             = "log-archive@example.com"
  parent_id         = aws_organizations_organizational_unit.production.id
  role_name         = "OrganizationAccountAccessRole"
  close_on_deletion = true
  tags              = { owner = "platform" }
  lifecycle {
    ignore_changes = [role_name]
  }
}

resource "aws_organizations_account" "security" {
  name      = "security-tooling"
  email     = "security@example.com"
  parent_id = aws_organizations_organizational_unit.production.id
}

resource "aws_organizations_account" "team" {
  name              = "fraud"
  email             = "fraud@example.com"
  parent_id         = aws_organizations_organizational_unit.production.id
  close_on_deletion = true
}

resource "aws_organizations_policy" "this" {
  for_each    = local.policies
  name        = lower(each.key)
  description = "One of each type"
  type        = each.key
  content     = each.value
  tags        = { type = each.key }
  depends_on  = [aws_organizations_organization.this]
}

resource "aws_organizations_policy_attachment" "unit" {
  for_each  = local.policies
  policy_id = aws_organizations_policy.this[each.key].id
  target_id = aws_organizations_organizational_unit.production.id
}

resource "aws_organizations_policy_attachment" "root" {
  policy_id = aws_organizations_policy.this["SERVICE_CONTROL_POLICY"].id
  target_id = aws_organizations_organization.this.roots[0].id
}

resource "aws_organizations_policy_attachment" "account" {
  policy_id = aws_organizations_policy.this["TAG_POLICY"].id
  target_id = aws_organizations_account.log_archive.id
}

resource "aws_organizations_delegated_administrator" "this" {
  for_each          = toset(local.delegated)
  account_id        = aws_organizations_account.security.id
  service_principal = "${each.key}.amazonaws.com"
}

resource "aws_account_alternate_contact" "member" {
  for_each               = toset(["BILLING", "OPERATIONS", "SECURITY"])
  account_id             = aws_organizations_account.security.id
  alternate_contact_type = each.key
  name                   = "Platform team"
  title                  = "Owner"
  email_address          = "platform@example.com"
  phone_number           = "+441234567890"
}

resource "aws_account_alternate_contact" "management" {
  alternate_contact_type = "SECURITY"
  name                   = "Security team"
  title                  = "Owner"
  email_address          = "security@example.com"
  phone_number           = "+441234567890"
}

resource "aws_iam_organizations_features" "this" {
  enabled_features = ["RootCredentialsManagement", "RootSessions"]
  depends_on       = [aws_organizations_organization.this]
}

output "id" {
  value = aws_organizations_organization.this.id
}

output "log_archive" {
  value = aws_organizations_account.log_archive.id
}

output "security" {
  value = aws_organizations_account.security.id
}

output "team" {
  value = aws_organizations_account.team.id
}

output "unit" {
  value = aws_organizations_organizational_unit.production.arn
}

# AWS keeps the template in one region.
provider "aws" {
  alias  = "template"
  region = "us-east-1"
}

resource "aws_servicequotas_template" "builds" {
  provider     = aws.template
  for_each     = toset(["eu-central-1", "eu-west-1"])
  region       = each.key
  service_code = "codebuild"
  quota_code   = "L-2DC20C30"
  value        = 10
  depends_on   = [aws_organizations_organization.this]
}

resource "aws_servicequotas_template_association" "this" {
  provider   = aws.template
  depends_on = [aws_servicequotas_template.builds]
}

resource "aws_ram_sharing_with_organization" "this" {
  depends_on = [aws_organizations_organization.this]
}

resource "aws_servicecatalog_organizations_access" "this" {
  enabled    = true
  depends_on = [aws_organizations_organization.this]
}

resource "aws_cloudtrail_organization_delegated_admin_account" "this" {
  account_id = aws_organizations_account.security.id
  depends_on = [aws_organizations_organization.this]
}

resource "aws_vpc_ipam_organization_admin_account" "this" {
  delegated_admin_account_id = aws_organizations_account.security.id
  depends_on                 = [aws_organizations_organization.this]
}
