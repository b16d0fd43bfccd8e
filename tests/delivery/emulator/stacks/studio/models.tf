# What the platform keeps of models, and what projects begin with.
resource "aws_sagemaker_hub" "models" {
  hub_name            = "acme-dev-models"
  hub_description     = var.changed ? "Models that may be used" : "Models"
  hub_display_name    = "Models"
  hub_search_keywords = ["acme"]
  tags                = { owner = "platform" }

  s3_storage_config {
    s3_output_path = "s3://${data.terraform_remote_state.baseline.outputs.bucket}/hub"
  }
}

resource "aws_sagemaker_model_package_group" "scoring" {
  model_package_group_name        = "acme-dev-fraud-scoring"
  model_package_group_description = "Scores payments"
  tags                            = { Team = "fraud", Stage = var.changed ? "second" : "first" }
}

resource "aws_sagemaker_model_package_group_policy" "scoring" {
  model_package_group_name = aws_sagemaker_model_package_group.scoring.model_package_group_name
  resource_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Read"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::222222222222:root" }
      Action    = var.changed ? ["sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"] : ["sagemaker:DescribeModelPackage"]
      Resource  = ["arn:aws:sagemaker:eu-west-1:111111111111:model-package/acme-dev-fraud-scoring/*"]
    }]
  })
}

resource "aws_ram_resource_share" "models" {
  name                      = "acme-dev-models"
  allow_external_principals = true
}

resource "aws_ram_resource_association" "models" {
  for_each           = { group = aws_sagemaker_model_package_group.scoring.arn, hub = aws_sagemaker_hub.models.arn }
  resource_share_arn = aws_ram_resource_share.models.arn
  resource_arn       = each.value
}

resource "aws_ram_principal_association" "models" {
  resource_share_arn = aws_ram_resource_share.models.arn
  principal          = "222222222222"
}

resource "aws_cloudcontrolapi_resource" "card" {
  type_name = "AWS::SageMaker::ModelCard"
  desired_state = jsonencode({
    ModelCardName   = "acme-dev-fraud-scoring"
    ModelCardStatus = "Draft"
    SecurityConfig  = { KmsKeyId = local.key }
    Content = {
      ModelOverview         = { ModelDescription = "Scores payments", ModelOwner = "ml@acme.example" }
      BusinessDetails       = { BusinessProblem = var.changed ? "Fraud with cards" : "Fraud" }
      IntendedUses          = { RiskRating = "High", IntendedUses = "To score payments" }
      AdditionalInformation = { CustomDetails = { template_version = "1" } }
    }
    Tags = [{ Key = "Team", Value = "fraud" }]
  })
}

resource "aws_sagemaker_servicecatalog_portfolio_status" "projects" {
  status = "Enabled"
}

resource "aws_sagemaker_project" "scoring" {
  project_name        = "acme-dev-scoring"
  project_description = var.changed ? "Scoring of payments" : "Scoring"
  tags                = { Team = "fraud" }

  service_catalog_provisioning_details {
    product_id               = "prod-abcdefghijklm"
    provisioning_artifact_id = "pa-abcdefghijklm"
  }

  depends_on = [aws_sagemaker_servicecatalog_portfolio_status.projects]
}

resource "aws_sagemaker_code_repository" "scoring" {
  code_repository_name = "acme-dev-scoring"
  tags                 = { Team = "fraud" }

  git_config {
    repository_url = "https://git.acme.example/scoring.git"
    branch         = "main"
    secret_arn     = var.changed ? "arn:aws:secretsmanager:eu-west-1:111111111111:secret:scoring-b" : "arn:aws:secretsmanager:eu-west-1:111111111111:secret:scoring-a"
  }
}

resource "aws_sagemaker_pipeline" "scoring" {
  pipeline_name         = "acme-dev-scoring"
  pipeline_display_name = "acme-dev-scoring"
  pipeline_description  = var.changed ? "Trains and registers" : "Trains"
  role_arn              = aws_iam_role.studio.arn
  tags                  = { Team = "fraud" }
  pipeline_definition = jsonencode({
    Version = "2020-12-01"
    Steps   = [{ Name = "Fail", Type = "Fail", Arguments = { ErrorMessage = "-" } }]
  })

  parallelism_configuration {
    max_parallel_execution_steps = var.changed ? 4 : 2
  }
}

# What a version's approval says, on another bus.
resource "aws_cloudwatch_event_bus" "models" {
  name = "acme-dev-models"
}

resource "aws_cloudwatch_event_rule" "approved" {
  name          = "acme-dev-approved"
  event_pattern = jsonencode({ source = ["aws.sagemaker"], detail-type = ["SageMaker Model Package State Change"] })
}

resource "aws_cloudwatch_event_target" "approved" {
  rule     = aws_cloudwatch_event_rule.approved.name
  arn      = aws_cloudwatch_event_bus.models.arn
  role_arn = aws_iam_role.studio.arn
}
