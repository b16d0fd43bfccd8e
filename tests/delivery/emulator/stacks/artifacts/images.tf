# A registry: repositories, how they are scanned, replicated and let in, and caches of other registries.
locals {
  key = aws_kms_key.artifacts.arn
  pull = jsonencode({ Version = "2012-10-17", Statement = [{
    Sid       = "UnitsPull", Effect = "Allow", Principal = "*", Action = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-acme" }, "ForAnyValue:StringLike" = { "aws:PrincipalOrgPaths" = "o-acme/r-acme/*" } }
  }] })
  expire = jsonencode({ rules = [{
    rulePriority = 1, description = "old images go", action = { type = "expire" }
    selection    = { tagStatus = "any", countType = "sinceImagePushed", countUnit = "days", countNumber = 180 }
  }] })
}

resource "aws_kms_key" "artifacts" {
  deletion_window_in_days = 7
}

resource "aws_ecr_repository" "this" {
  name                 = "acme-ml/base"
  image_tag_mutability = "IMMUTABLE"
  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = local.key
  }
  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecr_repository_policy" "this" {
  repository = aws_ecr_repository.this.name
  policy     = local.pull
}

resource "aws_ecr_lifecycle_policy" "this" {
  repository = aws_ecr_repository.this.name
  policy     = local.expire
}

resource "aws_ecr_registry_scanning_configuration" "this" {
  scan_type = "ENHANCED"
  rule {
    scan_frequency = "CONTINUOUS_SCAN"
    repository_filter {
      filter      = "*"
      filter_type = "WILDCARD"
    }
  }
}

resource "aws_ecr_replication_configuration" "this" {
  replication_configuration {
    rule {
      destination {
        region      = "eu-central-1"
        registry_id = "111111111111"
      }
      repository_filter {
        filter      = "acme-ml/"
        filter_type = "PREFIX_MATCH"
      }
    }
  }
}

resource "aws_iam_role" "creator" {
  name               = "acme-image-caches"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecr.amazonaws.com" } }] })
}

resource "aws_ecr_repository_creation_template" "this" {
  prefix               = "ecr-public"
  description          = "cached images"
  applied_for          = ["PULL_THROUGH_CACHE"]
  custom_role_arn      = aws_iam_role.creator.arn
  image_tag_mutability = "IMMUTABLE"
  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = local.key
  }
  lifecycle_policy  = local.expire
  repository_policy = local.pull
}

resource "aws_ecr_pull_through_cache_rule" "this" {
  ecr_repository_prefix = "ecr-public"
  upstream_registry_url = "public.ecr.aws"
  depends_on            = [aws_ecr_repository_creation_template.this]
}

resource "aws_ecr_registry_policy" "this" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Sid       = "UnitsPullThroughCaches", Effect = "Allow", Principal = "*", Action = ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"]
    Resource  = "arn:aws:ecr:eu-west-1:111111111111:repository/ecr-public/*"
    Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-acme" } }
  }] })
}
