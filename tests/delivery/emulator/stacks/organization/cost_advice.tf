# What AWS advises on costs, for all accounts.
resource "aws_computeoptimizer_enrollment_status" "this" {
  status                  = "Active"
  include_member_accounts = true
  depends_on              = [aws_organizations_organization.this]
}

resource "aws_costoptimizationhub_enrollment_status" "this" {
  include_member_accounts = true
  depends_on              = [aws_computeoptimizer_enrollment_status.this]
}
