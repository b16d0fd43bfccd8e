# What brings a version to the endpoint, and keeps what happened.
resource "aws_dynamodb_table" "releases" {
  name         = "acme-dev-model-releases"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "project"
  range_key    = "account"

  attribute {
    name = "project"
    type = "S"
  }
  attribute {
    name = "account"
    type = "S"
  }
  point_in_time_recovery {
    enabled = true
  }
  server_side_encryption {
    enabled     = true
    kms_key_arn = local.key
  }
}

resource "aws_s3_bucket" "passports" {
  bucket              = "acme-dev-passports"
  object_lock_enabled = true
}

resource "aws_s3_bucket_object_lock_configuration" "passports" {
  bucket = aws_s3_bucket.passports.id
  rule {
    default_retention {
      mode = "COMPLIANCE"
      days = var.changed ? 20 : 10
    }
  }
}

resource "aws_codebuild_project" "deploy" {
  name         = "acme-dev-release-scoring"
  service_role = aws_iam_role.this["codebuild"].arn

  artifacts {
    type = "CODEPIPELINE"
  }
  environment {
    compute_type = "BUILD_GENERAL1_SMALL"
    image        = "aws/codebuild/amazonlinux-x86_64-standard:5.0"
    type         = "LINUX_CONTAINER"
  }
  source {
    type      = "CODEPIPELINE"
    buildspec = "version: 0.2"
  }
}

resource "aws_codepipeline" "release" {
  name           = "acme-dev-release--scoring"
  role_arn       = aws_iam_role.this["codepipeline"].arn
  pipeline_type  = "V2"
  execution_mode = "QUEUED"

  variable {
    name        = "MODEL_PACKAGE_ARN"
    description = "The version to release"
  }

  artifact_store {
    location = aws_s3_bucket.serving.bucket
    type     = "S3"
    encryption_key {
      id   = local.key
      type = "KMS"
    }
  }

  stage {
    name = "Source"
    action {
      name             = "Scripts"
      category         = "Source"
      owner            = "AWS"
      provider         = "S3"
      version          = "1"
      output_artifacts = ["scripts"]
      configuration = {
        S3Bucket             = aws_s3_bucket.serving.bucket
        S3ObjectKey          = "release.zip"
        PollForSourceChanges = "false"
      }
    }
  }

  stage {
    name = "Approve"
    action {
      name     = "Approve"
      category = "Approval"
      owner    = "AWS"
      provider = "Manual"
      version  = "1"
      configuration = {
        CustomData = var.changed ? "The version and its passport" : "The version"
      }
    }
  }

  stage {
    name = "DeployProd"
    action {
      name            = "Deploy"
      category        = "Build"
      owner           = "AWS"
      provider        = "CodeBuild"
      version         = "1"
      input_artifacts = ["scripts"]
      configuration   = { ProjectName = aws_codebuild_project.deploy.name }
    }
    on_failure {
      result = "ROLLBACK"
    }
  }
}

resource "aws_sfn_state_machine" "drift" {
  name     = "acme-dev-scoring-drift"
  role_arn = aws_iam_role.this["states"].arn
  definition = jsonencode({
    StartAt = "Done"
    States  = { Done = { Type = "Succeed", Comment = var.changed ? "second" : "first" } }
  })

  encryption_configuration {
    type                              = "CUSTOMER_MANAGED_KMS_KEY"
    kms_key_id                        = local.key
    kms_data_key_reuse_period_seconds = 300
  }
  tracing_configuration {
    enabled = true
  }
}

resource "aws_cloudwatch_dashboard" "scoring" {
  dashboard_name = "acme-dev-scoring"
  dashboard_body = jsonencode({ widgets = [{
    type       = "text"
    width      = 6
    height     = 3
    properties = { markdown = var.changed ? "second" : "first" }
  }] })
}

resource "aws_scheduler_schedule" "batch" {
  name                = "acme-dev-scoring"
  schedule_expression = var.changed ? "rate(2 days)" : "rate(1 days)"
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = "arn:aws:scheduler:::aws-sdk:sagemaker:createTransformJob"
    role_arn = aws_iam_role.this["scheduler"].arn
    input    = jsonencode({ TransformJobName = "<aws.scheduler.execution-id>" })
  }
}
