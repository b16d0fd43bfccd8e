# IAM and Access Analyzer as an account's baseline uses them.
data "aws_iam_policy" "read_only" {
  arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_account_password_policy" "this" {
  minimum_password_length        = 14
  require_lowercase_characters   = true
  require_uppercase_characters   = true
  require_numbers                = true
  require_symbols                = true
  allow_users_to_change_password = true
  max_password_age               = 90
  password_reuse_prevention      = 24
}

resource "aws_iam_openid_connect_provider" "ci" {
  url             = "https://token.actions.githubusercontent.com"
  client_id_list  = ["sts.amazonaws.com"]
  thumbprint_list = ["6938fd4d98bab03faadb97b34396831e3780aea1"]
}

resource "aws_iam_policy" "boundary" {
  name   = "acme-boundary"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}

resource "aws_iam_role" "apply" {
  name                 = "acme-apply"
  max_session_duration = 7200
  permissions_boundary = aws_iam_policy.boundary.arn
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Principal = { Federated = aws_iam_openid_connect_provider.ci.arn }, Action = "sts:AssumeRoleWithWebIdentity", Condition = { StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }, StringLike = { "token.actions.githubusercontent.com:sub" = "repo:acme/*" } } },
    { Effect = "Allow", Principal = { AWS = "arn:aws:iam::111111111111:root" }, Action = "sts:AssumeRole", Condition = { StringEquals = { "sts:ExternalId" = "acme-external-id" } } },
  ] })
}

resource "aws_iam_role_policy" "apply" {
  name   = "state"
  role   = aws_iam_role.apply.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}

resource "aws_iam_role_policies_exclusive" "apply" {
  role_name    = aws_iam_role.apply.name
  policy_names = [aws_iam_role_policy.apply.name]
}

resource "aws_iam_role_policy_attachment" "apply" {
  for_each   = toset([data.aws_iam_policy.read_only.arn, "arn:aws:iam::aws:policy/SecurityAudit"])
  role       = aws_iam_role.apply.name
  policy_arn = each.key
}

resource "aws_iam_role_policy_attachments_exclusive" "apply" {
  role_name   = aws_iam_role.apply.name
  policy_arns = [for attachment in aws_iam_role_policy_attachment.apply : attachment.policy_arn]
}

resource "aws_iam_service_linked_role" "config" {
  aws_service_name = "config.amazonaws.com"
}

resource "aws_accessanalyzer_analyzer" "external" {
  analyzer_name = "external-access"
  type          = "ACCOUNT"
}

resource "aws_accessanalyzer_archive_rule" "external" {
  analyzer_name = aws_accessanalyzer_analyzer.external.analyzer_name
  rule_name     = "known"
  filter {
    criteria = "resourceType"
    eq       = ["AWS::S3::Bucket"]
  }
}

resource "aws_accessanalyzer_analyzer" "unused" {
  analyzer_name = "unused-access"
  type          = "ACCOUNT_UNUSED_ACCESS"
  tags          = { owner = "platform" }
  configuration {
    unused_access {
      unused_access_age = 90
    }
  }
}
