# Log groups of the account, by a destination and a stream into the log archive.
resource "aws_cloudwatch_log_group" "intake" {
  name = "/aws/kinesisfirehose/acme-intake"
}

resource "aws_cloudwatch_log_stream" "intake" {
  name           = "delivery"
  log_group_name = aws_cloudwatch_log_group.intake.name
}

resource "aws_kinesis_firehose_delivery_stream" "intake" {
  name        = "acme-intake"
  destination = "extended_s3"

  server_side_encryption {
    enabled  = true
    key_type = "CUSTOMER_MANAGED_CMK"
    key_arn  = data.terraform_remote_state.baseline.outputs.key_arn
  }

  extended_s3_configuration {
    role_arn            = "arn:aws:iam::111111111111:role/acme-intake"
    bucket_arn          = "arn:aws:s3:::${data.terraform_remote_state.baseline.outputs.bucket}"
    kms_key_arn         = data.terraform_remote_state.baseline.outputs.key_arn
    prefix              = "log-groups/account=!{partitionKeyFromQuery:account}/day=!{timestamp:yyyy-MM-dd}/"
    error_output_prefix = "log-groups-failed/!{firehose:error-output-type}/"
    buffering_size      = 128
    buffering_interval  = 300
    compression_format  = "GZIP"
    file_extension      = ".json.gz"

    dynamic_partitioning_configuration {
      enabled        = true
      retry_duration = 300
    }

    processing_configuration {
      enabled = true
      processors {
        type = "Decompression"
        parameters {
          parameter_name  = "CompressionFormat"
          parameter_value = "GZIP"
        }
      }
      processors {
        type = "MetadataExtraction"
        parameters {
          parameter_name  = "JsonParsingEngine"
          parameter_value = "JQ-1.6"
        }
        parameters {
          parameter_name  = "MetadataExtractionQuery"
          parameter_value = "{account:.owner}"
        }
      }
    }

    cloudwatch_logging_options {
      enabled         = true
      log_group_name  = aws_cloudwatch_log_group.intake.name
      log_stream_name = aws_cloudwatch_log_stream.intake.name
    }
  }
}

resource "aws_cloudwatch_log_destination" "intake" {
  name       = "acme-log-groups"
  role_arn   = "arn:aws:iam::111111111111:role/acme-log-groups"
  target_arn = aws_kinesis_firehose_delivery_stream.intake.arn
}

resource "aws_cloudwatch_log_destination_policy" "intake" {
  destination_name = aws_cloudwatch_log_destination.intake.name
  access_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = ["logs:PutAccountPolicy", "logs:PutSubscriptionFilter"]
      Resource  = aws_cloudwatch_log_destination.intake.arn
      Condition = { StringEquals = { "aws:PrincipalOrgID" = data.terraform_remote_state.organization.outputs.id } }
    }]
  })
}

resource "aws_cloudwatch_log_account_policy" "log_groups" {
  policy_name = "acme-log-groups"
  policy_type = "SUBSCRIPTION_FILTER_POLICY"
  policy_document = jsonencode({
    DestinationArn = aws_cloudwatch_log_destination.intake.arn
    Distribution   = "Random"
    FilterPattern  = ""
    RoleArn        = "arn:aws:iam::111111111111:role/acme-log-subscription"
  })
  selection_criteria = "LogGroupName NOT IN [\"/aws/kinesisfirehose/acme-intake\"]"
  depends_on         = [aws_cloudwatch_log_destination_policy.intake]
}
