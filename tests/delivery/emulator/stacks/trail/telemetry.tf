# The management account shows what it measures to the log archive.
resource "aws_oam_link" "telemetry" {
  label_template  = "$AccountName"
  resource_types  = ["AWS::CloudWatch::Metric", "AWS::Logs::LogGroup"]
  sink_identifier = data.terraform_remote_state.baseline.outputs.sink_arn
  tags            = { purpose = "sight" }

  link_configuration {
    metric_configuration {
      filter = "Namespace IN ('AWS/Lambda') OR Namespace LIKE '/aws/sagemaker/%'"
    }
    log_group_configuration {
      filter = "LogGroupName LIKE '/aws/%'"
    }
  }
}
