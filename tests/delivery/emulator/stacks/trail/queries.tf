# What people find ready in CloudWatch Logs Insights.
resource "aws_cloudwatch_query_definition" "errors" {
  name         = "acme-prod/ml-engineer/endpoint-errors"
  query_string = "filter @log like /:\\/aws\\/sagemaker\\/Endpoints\\/.*$/\n| limit 200"
}

resource "aws_cloudwatch_query_definition" "of_one_group" {
  name            = "acme-prod/ml-engineer/one-group"
  query_string    = "fields @message"
  log_group_names = ["/aws/sagemaker/TrainingJobs"]
}
