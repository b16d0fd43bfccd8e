# What Bedrock is asked and answers.
resource "aws_bedrock_model_invocation_logging_configuration" "this" {
  logging_config {
    text_data_delivery_enabled      = true
    image_data_delivery_enabled     = true
    embedding_data_delivery_enabled = true
    video_data_delivery_enabled     = true

    s3_config {
      bucket_name = aws_s3_bucket.logs.id
    }

    cloudwatch_config {
      log_group_name = aws_cloudwatch_log_group.findings.name
      role_arn       = aws_iam_role.apply.arn
    }
  }
}
