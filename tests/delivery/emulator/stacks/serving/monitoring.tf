# What is watched of the endpoint, by the type that the provider has and by those that Cloud Control has.
resource "aws_sagemaker_data_quality_job_definition" "scoring" {
  name     = "acme-dev-scoring-data-quality"
  role_arn = aws_iam_role.this["sagemaker"].arn
  tags     = { Team = "fraud", Stage = var.changed ? "second" : "first" }

  data_quality_app_specification {
    image_uri   = local.image
    environment = { output_path = "/opt/ml/processing/output" }
  }

  data_quality_baseline_config {
    constraints_resource {
      s3_uri = "s3://${aws_s3_bucket.serving.bucket}/constraints.json"
    }
    statistics_resource {
      s3_uri = "s3://${aws_s3_bucket.serving.bucket}/statistics.json"
    }
  }

  data_quality_job_input {
    endpoint_input {
      endpoint_name = aws_sagemaker_endpoint.scoring.name
      local_path    = "/opt/ml/processing/input"
    }
  }

  data_quality_job_output_config {
    kms_key_id = local.key
    monitoring_outputs {
      s3_output {
        s3_uri     = "s3://${aws_s3_bucket.serving.bucket}/monitoring"
        local_path = "/opt/ml/processing/output"
      }
    }
  }

  job_resources {
    cluster_config {
      instance_type     = "ml.m5.large"
      instance_count    = 1
      volume_size_in_gb = 20
      volume_kms_key_id = local.key
    }
  }

  network_config {
    enable_network_isolation                  = true
    enable_inter_container_traffic_encryption = true
    vpc_config {
      subnets            = [aws_subnet.serving.id]
      security_group_ids = [aws_security_group.serving.id]
    }
  }

  stopping_condition {
    max_runtime_in_seconds = 3600
  }
}

resource "aws_sagemaker_monitoring_schedule" "data_quality" {
  name = "acme-dev-scoring-data-quality"
  tags = { Team = "fraud" }

  monitoring_schedule_config {
    monitoring_job_definition_name = aws_sagemaker_data_quality_job_definition.scoring.name
    monitoring_type                = "DataQuality"
    schedule_config {
      schedule_expression = var.changed ? "cron(0 0 ? * * *)" : "cron(0 * ? * * *)"
    }
  }
}

locals {
  inputs = {
    ModelQuality        = { GroundTruthS3Input = { S3Uri = "s3://${aws_s3_bucket.serving.bucket}/ground-truth" } }
    ModelBias           = { GroundTruthS3Input = { S3Uri = "s3://${aws_s3_bucket.serving.bucket}/ground-truth" } }
    ModelExplainability = {}
  }
  specifications = {
    ModelQuality        = { ImageUri = local.image, ProblemType = "BinaryClassification" }
    ModelBias           = { ImageUri = local.image, ConfigUri = "s3://${aws_s3_bucket.serving.bucket}/bias.json" }
    ModelExplainability = { ImageUri = local.image, ConfigUri = "s3://${aws_s3_bucket.serving.bucket}/shap.json" }
  }
}

resource "aws_cloudcontrolapi_resource" "definition" {
  for_each  = local.inputs
  type_name = "AWS::SageMaker::${each.key}JobDefinition"
  desired_state = jsonencode({
    JobDefinitionName             = "acme-dev-scoring-${lower(each.key)}"
    RoleArn                       = aws_iam_role.this["sagemaker"].arn
    "${each.key}AppSpecification" = local.specifications[each.key]
    "${each.key}JobInput" = merge(each.value, {
      EndpointInput = {
        EndpointName = aws_sagemaker_endpoint.scoring.name
        LocalPath    = "/opt/ml/processing/input"
      }
    })
    "${each.key}JobOutputConfig" = {
      KmsKeyId = local.key
      MonitoringOutputs = [{ S3Output = {
        S3Uri     = "s3://${aws_s3_bucket.serving.bucket}/monitoring"
        LocalPath = "/opt/ml/processing/output"
      } }]
    }
    JobResources  = { ClusterConfig = { InstanceType = "ml.m5.large", InstanceCount = 1, VolumeSizeInGB = 20 } }
    NetworkConfig = { EnableNetworkIsolation = true }
    Tags          = [{ Key = "Team", Value = "fraud" }, { Key = "Stage", Value = var.changed ? "second" : "first" }]
  })
}

resource "aws_sagemaker_monitoring_schedule" "others" {
  for_each = aws_cloudcontrolapi_resource.definition
  name     = "acme-dev-scoring-${lower(each.key)}"

  monitoring_schedule_config {
    monitoring_job_definition_name = split("/", each.value.id)[1]
    monitoring_type                = each.key
    schedule_config {
      schedule_expression = "cron(0 * ? * * *)"
    }
  }
}
