# Traces of what failed.
resource "aws_xray_group" "faults" {
  group_name        = "acme-faults"
  filter_expression = "fault = true"
  tags              = { purpose = "sight" }

  insights_configuration {
    insights_enabled      = true
    notifications_enabled = true
  }
}
