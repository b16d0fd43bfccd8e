# Service Catalog: a portfolio shared with a unit, and one product in two versions, launched as a local role.
locals {
  template = yamlencode({
    Parameters = { Team = { Type = "String" } }
    Resources  = { Topic = { Type = "AWS::SNS::Topic", Properties = { DisplayName = { Ref = "Team" } } } }
  })
}

resource "aws_s3_bucket" "templates" {
  bucket        = "acme-templates"
  force_destroy = true
}

resource "aws_s3_object" "template" {
  for_each = toset(["1.0.0", "1.1.0"])
  bucket   = aws_s3_bucket.templates.id
  key      = "products/topic/${each.key}.yaml"
  content  = local.template
}

resource "aws_iam_role" "launch" {
  name = "acme-dev-launch-topic"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole",
  Principal = { Service = "servicecatalog.amazonaws.com" } }] })
}

resource "aws_servicecatalog_portfolio" "this" {
  name          = "platform-products"
  description   = "What teams launch"
  provider_name = "acme"
}

resource "aws_servicecatalog_product" "topic" {
  name          = "Topic"
  owner         = "acme"
  distributor   = "acme"
  description   = "A topic"
  support_email = "help@example.com"
  type          = "CLOUD_FORMATION_TEMPLATE"
  provisioning_artifact_parameters {
    name         = "1.0.0"
    description  = "The first"
    type         = "CLOUD_FORMATION_TEMPLATE"
    template_url = "https://acme-templates.s3.eu-west-1.amazonaws.com/products/topic/1.0.0.yaml"
  }
  tags       = { "sagemaker:studio-visibility" = "true" }
  depends_on = [aws_s3_object.template]
}

resource "aws_servicecatalog_provisioning_artifact" "second" {
  product_id   = aws_servicecatalog_product.topic.id
  name         = "1.1.0"
  description  = "The second"
  type         = "CLOUD_FORMATION_TEMPLATE"
  guidance     = "DEPRECATED"
  active       = false
  template_url = "https://acme-templates.s3.eu-west-1.amazonaws.com/products/topic/1.1.0.yaml"
}

resource "aws_servicecatalog_product_portfolio_association" "topic" {
  portfolio_id = aws_servicecatalog_portfolio.this.id
  product_id   = aws_servicecatalog_product.topic.id
}

resource "aws_servicecatalog_constraint" "topic" {
  for_each = {
    LAUNCH       = jsonencode({ LocalRoleName = aws_iam_role.launch.name })
    NOTIFICATION = jsonencode({ NotificationArns = ["arn:aws:sns:eu-west-1:111111111111:launches"] })
    TEMPLATE     = jsonencode({ Rules = { Team = { Assertions = [{ Assert = { "Fn::Contains" = [["fraud"], { Ref = "Team" }] }, AssertDescription = "fraud" }] } } })
  }
  portfolio_id = aws_servicecatalog_product_portfolio_association.topic.portfolio_id
  product_id   = aws_servicecatalog_product.topic.id
  type         = each.key
  parameters   = each.value
}

resource "aws_servicecatalog_portfolio_share" "unit" {
  portfolio_id      = aws_servicecatalog_portfolio.this.id
  type              = "ORGANIZATIONAL_UNIT"
  principal_id      = aws_organizations_organizational_unit.production.arn
  share_principals  = true
  share_tag_options = true
}

resource "aws_servicecatalog_portfolio_share" "member" {
  portfolio_id     = aws_servicecatalog_portfolio.this.id
  type             = "ORGANIZATION_MEMBER_ACCOUNT"
  principal_id     = aws_organizations_account.log_archive.id
  share_principals = true
}

resource "aws_servicecatalog_principal_portfolio_association" "lead" {
  portfolio_id   = aws_servicecatalog_portfolio.this.id
  principal_arn  = "arn:aws:iam:::role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_lead_*"
  principal_type = "IAM_PATTERN"
}

resource "aws_servicecatalog_tag_option" "team" {
  key   = "Team"
  value = "fraud"
}

resource "aws_servicecatalog_tag_option_resource_association" "team" {
  resource_id   = aws_servicecatalog_portfolio.this.id
  tag_option_id = aws_servicecatalog_tag_option.team.id
}

resource "aws_budgets_budget" "topic" {
  name         = "product-topic"
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = "10"
  limit_unit   = "USD"
}

resource "aws_servicecatalog_budget_resource_association" "topic" {
  budget_name = aws_budgets_budget.topic.name
  resource_id = aws_servicecatalog_product.topic.id
}

