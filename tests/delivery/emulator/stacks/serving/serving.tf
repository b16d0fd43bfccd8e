# An endpoint as a release changes it: another model and configuration, the same endpoint.
variable "changed" {
  type    = bool
  default = false
}

locals {
  key = data.terraform_remote_state.baseline.outputs.key_arn
  trust = { for name in ["codebuild", "codepipeline", "sagemaker", "scheduler", "states"] : name => jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "${name}.amazonaws.com" }, Action = "sts:AssumeRole" }]
  }) }
  version = jsonencode({ model_package_arn = "none" })
  image   = "444444444444.dkr.ecr.eu-west-1.amazonaws.com/scoring@sha256:${sha256("scoring")}"
}

resource "aws_iam_role" "this" {
  for_each           = local.trust
  name               = "acme-dev-serving-${each.key}"
  assume_role_policy = each.value
}

resource "aws_vpc" "serving" {
  cidr_block = "10.9.0.0/16"
}

resource "aws_subnet" "serving" {
  vpc_id     = aws_vpc.serving.id
  cidr_block = "10.9.0.0/24"
}

resource "aws_security_group" "serving" {
  name   = "acme-dev-serving"
  vpc_id = aws_vpc.serving.id
}

resource "aws_s3_bucket" "serving" {
  bucket        = "acme-dev-serving-scoring"
  force_destroy = true
}

resource "aws_s3_object" "model" {
  bucket  = aws_s3_bucket.serving.bucket
  key     = "model.tar.gz"
  content = "weights"
}

resource "aws_ssm_parameter" "version" {
  name           = "/acme/dev/serving/scoring/version"
  type           = "String"
  insecure_value = local.version

  lifecycle {
    ignore_changes = [insecure_value]
  }
}

data "aws_ssm_parameter" "version" {
  name = aws_ssm_parameter.version.name
}

resource "aws_sagemaker_model" "scoring" {
  name                     = "acme-dev-scoring-${var.changed ? 2 : 1}"
  execution_role_arn       = aws_iam_role.this["sagemaker"].arn
  enable_network_isolation = true
  tags                     = { Version = jsondecode(data.aws_ssm_parameter.version.insecure_value).model_package_arn }

  primary_container {
    image          = local.image
    model_data_url = "s3://${aws_s3_bucket.serving.bucket}/${aws_s3_object.model.key}"
    environment    = { LEVEL = "info" }
  }

  vpc_config {
    subnets            = [aws_subnet.serving.id]
    security_group_ids = [aws_security_group.serving.id]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_sagemaker_endpoint_configuration" "scoring" {
  name        = "acme-dev-scoring-${var.changed ? 2 : 1}"
  kms_key_arn = local.key

  production_variants {
    variant_name           = "all"
    model_name             = aws_sagemaker_model.scoring.name
    instance_type          = "ml.m5.large"
    initial_instance_count = 2
  }

  data_capture_config {
    enable_capture              = true
    initial_sampling_percentage = 100
    destination_s3_uri          = "s3://${aws_s3_bucket.serving.bucket}/capture"
    kms_key_id                  = local.key

    capture_options {
      capture_mode = "Input"
    }
    capture_options {
      capture_mode = "Output"
    }
    capture_content_type_header {
      csv_content_types  = ["text/csv"]
      json_content_types = ["application/json"]
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "acme-dev-scoring-errors"
  namespace           = "AWS/SageMaker"
  metric_name         = "Invocation5XXErrors"
  comparison_operator = "GreaterThanThreshold"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  treat_missing_data  = "notBreaching"
  dimensions          = { EndpointName = "acme-dev-scoring", VariantName = "all" }
}

resource "aws_sagemaker_endpoint" "scoring" {
  name                 = "acme-dev-scoring"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.scoring.name
  tags                 = { Version = var.changed ? "2" : "1" }

  deployment_config {
    blue_green_update_policy {
      maximum_execution_timeout_in_seconds = 3600
      termination_wait_in_seconds          = 60
      traffic_routing_configuration {
        type                     = "CANARY"
        wait_interval_in_seconds = var.changed ? 600 : 300
        canary_size {
          type  = "CAPACITY_PERCENT"
          value = 50
        }
      }
    }
    auto_rollback_configuration {
      alarms {
        alarm_name = aws_cloudwatch_metric_alarm.errors.alarm_name
      }
    }
  }
}

resource "aws_appautoscaling_target" "scoring" {
  service_namespace  = "sagemaker"
  scalable_dimension = "sagemaker:variant:DesiredInstanceCount"
  resource_id        = "endpoint/${aws_sagemaker_endpoint.scoring.name}/variant/all"
  min_capacity       = 2
  max_capacity       = var.changed ? 6 : 4
}

resource "aws_appautoscaling_policy" "scoring" {
  name               = "acme-dev-scoring"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.scoring.service_namespace
  scalable_dimension = aws_appautoscaling_target.scoring.scalable_dimension
  resource_id        = aws_appautoscaling_target.scoring.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = var.changed ? 200 : 100
    scale_in_cooldown  = 300
    scale_out_cooldown = 60
    predefined_metric_specification {
      predefined_metric_type = "SageMakerVariantInvocationsPerInstance"
    }
  }
}

# The other ways to be asked: without waiting, and without instances.
resource "aws_sagemaker_endpoint_configuration" "asynchronous" {
  name = "acme-dev-letters"

  production_variants {
    variant_name           = "all"
    model_name             = aws_sagemaker_model.plain.name
    instance_type          = "ml.m5.large"
    initial_instance_count = 1
  }

  async_inference_config {
    client_config {
      max_concurrent_invocations_per_instance = 4
    }
    output_config {
      s3_output_path  = "s3://${aws_s3_bucket.serving.bucket}/answers"
      s3_failure_path = "s3://${aws_s3_bucket.serving.bucket}/failures"
      kms_key_id      = local.key
    }
  }
}

resource "aws_sagemaker_model" "plain" {
  name               = "acme-dev-plain"
  execution_role_arn = aws_iam_role.this["sagemaker"].arn

  primary_container {
    image = local.image
  }
}

resource "aws_sagemaker_endpoint_configuration" "serverless" {
  name = "acme-dev-plain"

  production_variants {
    variant_name = "all"
    model_name   = aws_sagemaker_model.plain.name
    serverless_config {
      memory_size_in_mb = 2048
      max_concurrency   = 5
    }
  }
}

resource "aws_sagemaker_endpoint" "serverless" {
  name                 = "acme-dev-plain"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.serverless.name
}
