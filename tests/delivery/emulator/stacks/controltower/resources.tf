# Control Tower with its AWS Config integration, one registered unit, and controls with and without parameters.
# No retention: provider 5.100 reads numbers of a manifest back as text (hashicorp/terraform-provider-aws#35763).
data "aws_organizations_organization" "this" {}

locals {
  accounts = { for account in data.aws_organizations_organization.this.accounts : account.name => account.id }
  off      = { enabled = false }
}

resource "aws_organizations_organizational_unit" "governed" {
  name      = "Governed"
  parent_id = data.aws_organizations_organization.this.roots[0].id
}

resource "aws_iam_role" "this" {
  for_each           = { Admin = "controltower", CloudTrailRole = "cloudtrail", StackSetRole = "cloudformation" }
  name               = "AWSControlTower${each.key}"
  path               = "/service-role/"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "${each.value}.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}

resource "aws_controltower_landing_zone" "this" {
  version = "4.0"
  manifest_json = jsonencode({
    accessManagement   = local.off
    backup             = local.off
    centralizedLogging = local.off
    config             = { accountId = local.accounts["security-tooling"], enabled = true }
    governedRegions    = ["eu-west-1"]
    securityRoles      = { accountId = local.accounts["security-tooling"], enabled = true }
  })
  depends_on = [aws_iam_role.this]
}

resource "aws_cloudcontrolapi_resource" "baseline" {
  type_name = "AWS::ControlTower::EnabledBaseline"
  desired_state = jsonencode({
    BaselineIdentifier = "arn:aws:controltower:eu-west-1::baseline/17BSJV3IGJ2QSGA2"
    BaselineVersion    = "5.0"
    TargetIdentifier   = aws_organizations_organizational_unit.governed.arn
  })
  depends_on = [aws_controltower_landing_zone.this]
}

resource "aws_controltower_control" "plain" {
  control_identifier = "arn:aws:controlcatalog:::control/by3ykpgv0a73qqv1k8jksf8q0"
  target_identifier  = aws_organizations_organizational_unit.governed.arn
  depends_on         = [aws_cloudcontrolapi_resource.baseline]
}

resource "aws_controltower_control" "with_parameters" {
  control_identifier = "arn:aws:controlcatalog:::control/ka8e3pkqefnjsxuyc26ji580"
  target_identifier  = aws_organizations_organizational_unit.governed.arn
  parameters {
    key   = "AllowedRegions"
    value = jsonencode(["eu-central-1", "eu-west-1"])
  }
  depends_on = [aws_cloudcontrolapi_resource.baseline]
}
