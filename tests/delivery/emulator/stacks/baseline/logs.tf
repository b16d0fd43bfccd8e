# What holds for all log groups of the account.
resource "aws_cloudwatch_log_group" "findings" {
  name              = "/aws/vendedlogs/sensitive-data/acme"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.this.arn
}

resource "aws_cloudwatch_log_account_policy" "protection" {
  policy_name = "acme-masked"
  policy_type = "DATA_PROTECTION_POLICY"
  policy_document = jsonencode({
    Name    = "acme-masked"
    Version = "2021-06-01"
    Statement = [
      {
        Sid            = "Audit"
        DataIdentifier = ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"]
        Operation = {
          Audit = { FindingsDestination = { CloudWatchLogs = { LogGroup = aws_cloudwatch_log_group.findings.name } } }
        }
      },
      {
        Sid            = "Mask"
        DataIdentifier = ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"]
        Operation      = { Deidentify = { MaskConfig = {} } }
      },
    ]
  })
}

resource "aws_cloudwatch_log_account_policy" "indexes" {
  policy_name     = "acme-indexes"
  policy_type     = "FIELD_INDEX_POLICY"
  policy_document = jsonencode({ Fields = ["level", "service"] })
}
