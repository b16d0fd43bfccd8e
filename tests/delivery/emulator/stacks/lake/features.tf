# A central feature store (here in the governance account): groups, their shares, and the way records come in.
resource "aws_s3_bucket" "features" {
  bucket        = "acme-dev-features"
  force_destroy = true
}

resource "aws_iam_role" "features" {
  name               = "acme-dev-features"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = ["sagemaker.amazonaws.com", "pipes.amazonaws.com"] }, Action = "sts:AssumeRole" }] })
}

resource "aws_sagemaker_feature_group" "velocity" {
  feature_group_name             = "acme-dev-card-velocity"
  description                    = "How fast a card is used"
  record_identifier_feature_name = "card_id"
  event_time_feature_name        = "at"
  role_arn                       = aws_iam_role.features.arn
  tags                           = { team = "fraud" }
  feature_definition {
    feature_name = "card_id"
    feature_type = "String"
  }
  feature_definition {
    feature_name = "at"
    feature_type = "Fractional"
  }
  feature_definition {
    feature_name = "payments_1h"
    feature_type = "Integral"
  }
  online_store_config {
    enable_online_store = true
    storage_type        = "Standard"
    security_config {
      kms_key_id = aws_kms_key.catalogue.arn
    }
    ttl_duration {
      unit  = "Days"
      value = 30
    }
  }
  offline_store_config {
    table_format = "Iceberg"
    s3_storage_config {
      s3_uri     = "s3://${aws_s3_bucket.features.id}/groups"
      kms_key_id = aws_kms_key.catalogue.arn
    }
  }
}

resource "aws_sagemaker_feature_group" "embedding" {
  feature_group_name             = "acme-dev-embedding"
  record_identifier_feature_name = "card_id"
  event_time_feature_name        = "at"
  role_arn                       = aws_iam_role.features.arn
  feature_definition {
    feature_name = "card_id"
    feature_type = "String"
  }
  feature_definition {
    feature_name = "at"
    feature_type = "String"
  }
  feature_definition {
    feature_name    = "merchants"
    feature_type    = "String"
    collection_type = "Set"
  }
  feature_definition {
    feature_name    = "embedding"
    feature_type    = "Fractional"
    collection_type = "Vector"
    collection_config {
      vector_config {
        dimension = 128
      }
    }
  }
  online_store_config {
    enable_online_store = true
    storage_type        = "InMemory"
    security_config {
      kms_key_id = aws_kms_key.catalogue.arn
    }
  }
  throughput_config {
    throughput_mode = "OnDemand"
  }
}

# The table that SageMaker made is compacted.
resource "aws_glue_catalog_table_optimizer" "features" {
  catalog_id    = local.governance
  database_name = aws_sagemaker_feature_group.velocity.offline_store_config[0].data_catalog_config[0].database
  table_name    = aws_sagemaker_feature_group.velocity.offline_store_config[0].data_catalog_config[0].table_name
  type          = "compaction"
  configuration {
    role_arn = aws_iam_role.features.arn
    enabled  = true
  }
}

# To be found, and to be read, are two shares.
resource "aws_ram_resource_share" "discovery" {
  name                      = "acme-dev-features-discovery"
  allow_external_principals = false
  permission_arns           = ["arn:aws:ram::aws:permission/AWSRAMPermissionSageMakerCatalogResourceSearch"]
  tags                      = { owner = "platform" }
}

resource "aws_ram_resource_association" "discovery" {
  resource_share_arn = aws_ram_resource_share.discovery.arn
  resource_arn       = "arn:aws:sagemaker:eu-west-1:${local.governance}:sagemaker-catalog/DefaultFeatureGroupCatalog"
}

resource "aws_ram_principal_association" "discovery" {
  resource_share_arn = aws_ram_resource_share.discovery.arn
  principal          = local.unit
}

resource "aws_ram_resource_share" "read" {
  name                      = "acme-dev-card-velocity-read"
  allow_external_principals = false
  permission_arns           = ["arn:aws:ram::aws:permission/AWSRAMPermissionSageMakerFeatureGroupReadOnly"]
}

resource "aws_ram_resource_association" "read" {
  resource_share_arn = aws_ram_resource_share.read.arn
  resource_arn       = aws_sagemaker_feature_group.velocity.arn
}

resource "aws_ram_principal_association" "read" {
  resource_share_arn = aws_ram_resource_share.read.arn
  principal          = local.team
}

resource "aws_dynamodb_table" "ingested" {
  name                        = "acme-dev-ingested"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = false
  tags                        = { owner = "platform" }
  attribute {
    name = "id"
    type = "S"
  }
  ttl {
    attribute_name = "expires_at"
    enabled        = true
  }
  point_in_time_recovery {
    enabled = true
  }
  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.catalogue.arn
  }
}

# The log archive's queue `acme-work` is the baseline's: to make one takes Terraform 25 seconds.
resource "aws_lambda_function" "ingest" {
  provider                       = aws.domain
  function_name                  = "acme-dev-ingest"
  role                           = aws_iam_role.job.arn
  filename                       = "${path.module}/function.zip"
  source_code_hash               = filebase64sha256("${path.module}/function.zip")
  handler                        = "function.handler"
  runtime                        = "python3.13"
  reserved_concurrent_executions = 10
  timeout                        = 60
}

resource "aws_lambda_event_source_mapping" "ingest" {
  provider                           = aws.domain
  event_source_arn                   = "arn:aws:sqs:eu-west-1:${local.domain}:acme-work"
  function_name                      = aws_lambda_function.ingest.arn
  batch_size                         = 10
  maximum_batching_window_in_seconds = 5
  function_response_types            = ["ReportBatchItemFailures"]
  enabled                            = true
  scaling_config {
    maximum_concurrency = 10
  }
  metrics_config {
    metrics = ["EventCount"]
  }
}

resource "aws_pipes_pipe" "ingest" {
  name               = "acme-dev-ingest"
  description        = "Records from a team's queue"
  role_arn           = aws_iam_role.features.arn
  source             = "arn:aws:sqs:eu-west-1:${local.governance}:acme-dev-contributed"
  target             = "arn:aws:sqs:eu-west-1:${local.governance}:acme-dev-card-velocity-ingest"
  desired_state      = "RUNNING"
  kms_key_identifier = aws_kms_key.catalogue.arn
  tags               = { owner = "platform" }
  source_parameters {
    sqs_queue_parameters {
      batch_size                         = 10
      maximum_batching_window_in_seconds = 5
    }
    filter_criteria {
      filter {
        pattern = jsonencode({ body = { group = ["card-velocity"] } })
      }
    }
  }
  target_parameters {
    input_template = "{\"record\": <$.body>}"
  }
}

resource "aws_sns_topic" "alarms" {
  name              = "acme-dev-features"
  kms_master_key_id = aws_kms_key.catalogue.arn
}

resource "aws_cloudwatch_metric_alarm" "stale" {
  alarm_name          = "acme-dev-card-velocity-stale"
  alarm_description   = "Nothing was ingested"
  namespace           = "mlgov/FeatureStore"
  metric_name         = "Age"
  dimensions          = { FeatureGroup = "card-velocity" }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 86400
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  tags                = { owner = "platform" }
}

resource "aws_cloudwatch_metric_alarm" "ratio" {
  alarm_name          = "acme-dev-rejected"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 5
  metric_query {
    id          = "ratio"
    expression  = "100 * rejected / received"
    label       = "Rejected"
    return_data = true
  }
  dynamic "metric_query" {
    for_each = toset(["received", "rejected"])
    content {
      id = metric_query.key
      metric {
        namespace   = "mlgov/FeatureStore"
        metric_name = metric_query.key
        period      = 300
        stat        = "Sum"
        dimensions  = { FeatureGroup = "card-velocity" }
      }
    }
  }
}

resource "aws_cloudwatch_composite_alarm" "group" {
  alarm_name        = "acme-dev-card-velocity"
  alarm_description = "The group does not keep what it promises"
  alarm_rule        = "ALARM(\"${aws_cloudwatch_metric_alarm.stale.alarm_name}\") OR ALARM(\"${aws_cloudwatch_metric_alarm.ratio.alarm_name}\")"
  alarm_actions     = [aws_sns_topic.alarms.arn]
  tags              = { owner = "platform" }
}
