# What the log archive sees of other accounts.
resource "aws_oam_sink" "telemetry" {
  name = "acme-telemetry"
  tags = { purpose = "sight" }
}

resource "aws_oam_sink_policy" "telemetry" {
  sink_identifier = aws_oam_sink.telemetry.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OrganizationLinks"
      Effect    = "Allow"
      Principal = "*"
      Action    = ["oam:CreateLink", "oam:UpdateLink"]
      Resource  = "*"
      Condition = {
        StringEquals                = { "aws:PrincipalOrgID" = data.terraform_remote_state.organization.outputs.id }
        "ForAllValues:StringEquals" = { "oam:ResourceTypes" = ["AWS::CloudWatch::Metric", "AWS::Logs::LogGroup"] }
      }
    }]
  })
}

output "sink_arn" {
  value = aws_oam_sink_policy.telemetry.arn
}
