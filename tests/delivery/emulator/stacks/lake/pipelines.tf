# A data domain's account: its bucket, crawler, jobs and quality rules, Macie, and the way to the publish gate.
resource "aws_s3_bucket" "raw" {
  provider      = aws.domain
  bucket        = "acme-dev-payments-raw"
  force_destroy = true
}

resource "aws_s3_bucket_notification" "raw" {
  provider    = aws.domain
  bucket      = aws_s3_bucket.raw.id
  eventbridge = true
}

resource "aws_s3_bucket_inventory" "raw" {
  provider                 = aws.domain
  bucket                   = aws_s3_bucket.raw.id
  name                     = "weekly"
  included_object_versions = "Current"
  optional_fields          = ["Size", "LastModifiedDate", "EncryptionStatus", "StorageClass"]
  schedule {
    frequency = "Weekly"
  }
  destination {
    bucket {
      account_id = local.domain
      bucket_arn = aws_s3_bucket.raw.arn
      format     = "Parquet"
      prefix     = "inventory"
      encryption {
        sse_kms {
          key_id = aws_kms_key.domain.arn
        }
      }
    }
  }
}

resource "aws_kms_key" "domain" {
  provider                = aws.domain
  enable_key_rotation     = true
  deletion_window_in_days = 7
}

resource "aws_iam_role" "job" {
  provider           = aws.domain
  name               = "payments-job"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = ["glue.amazonaws.com", "scheduler.amazonaws.com", "events.amazonaws.com"] }, Action = "sts:AssumeRole" }] })
}

resource "aws_glue_catalog_database" "domain_link" {
  provider = aws.domain
  name     = "payments_raw"
  target_database {
    catalog_id    = local.governance
    database_name = aws_glue_catalog_database.cards.name
  }
}

resource "aws_glue_security_configuration" "this" {
  provider = aws.domain
  name     = "acme-dev-payments"
  encryption_configuration {
    cloudwatch_encryption {
      cloudwatch_encryption_mode = "SSE-KMS"
      kms_key_arn                = aws_kms_key.domain.arn
    }
    job_bookmarks_encryption {
      job_bookmarks_encryption_mode = "CSE-KMS"
      kms_key_arn                   = aws_kms_key.domain.arn
    }
    s3_encryption {
      s3_encryption_mode = "SSE-KMS"
      kms_key_arn        = aws_kms_key.domain.arn
    }
  }
}

resource "aws_glue_classifier" "csv" {
  provider = aws.domain
  name     = "acme-dev-payments-csv"
  csv_classifier {
    allow_single_column    = false
    contains_header        = "PRESENT"
    delimiter              = ","
    disable_value_trimming = false
    quote_symbol           = "\""
  }
}

resource "aws_glue_connection" "network" {
  provider        = aws.domain
  name            = "acme-dev-payments"
  connection_type = "NETWORK"
  tags            = { domain = "payments" }
  physical_connection_requirements {
    availability_zone      = "eu-west-1a"
    security_group_id_list = ["sg-0123456789abcdef0"]
    subnet_id              = "subnet-0123456789abcdef0"
  }
}

resource "aws_glue_crawler" "raw" {
  provider               = aws.domain
  name                   = "acme-dev-payments-raw"
  description            = "What lies in the raw zone"
  role                   = aws_iam_role.job.arn
  database_name          = aws_glue_catalog_database.domain_link.name
  schedule               = "cron(0 2 * * ? *)"
  table_prefix           = "raw_"
  classifiers            = [aws_glue_classifier.csv.id]
  security_configuration = aws_glue_security_configuration.this.name
  configuration          = jsonencode({ Version = 1.0, CrawlerOutput = { Partitions = { AddOrUpdateBehavior = "InheritFromTable" } } })
  tags                   = { domain = "payments" }
  lake_formation_configuration {
    account_id                     = local.governance
    use_lake_formation_credentials = true
  }
  lineage_configuration {
    crawler_lineage_settings = "DISABLE"
  }
  recrawl_policy {
    recrawl_behavior = "CRAWL_EVERYTHING"
  }
  schema_change_policy {
    delete_behavior = "LOG"
    update_behavior = "UPDATE_IN_DATABASE"
  }
  s3_target {
    path       = "s3://${aws_s3_bucket.raw.id}/incoming"
    exclusions = ["_*"]
  }
}

resource "aws_glue_job" "this" {
  provider                  = aws.domain
  for_each                  = toset(["ingest", "curate"])
  name                      = "acme-dev-payments-${each.key}"
  description               = "Does the ${each.key}"
  role_arn                  = aws_iam_role.job.arn
  glue_version              = "5.0"
  worker_type               = "G.1X"
  number_of_workers         = 2
  timeout                   = 120
  max_retries               = 1
  execution_class           = "STANDARD"
  connections               = [aws_glue_connection.network.name]
  security_configuration    = aws_glue_security_configuration.this.name
  job_run_queuing_enabled   = false
  default_arguments         = { "--job-bookmark-option" = "job-bookmark-enable", "--enable-metrics" = "true" }
  non_overridable_arguments = { "--encryption-type" = "sse-kms" }
  tags                      = { domain = "payments" }
  command {
    name            = "glueetl"
    python_version  = "3"
    script_location = "s3://${aws_s3_bucket.raw.id}/scripts/${each.key}.py"
  }
  execution_property {
    max_concurrent_runs = 1
  }
  notification_property {
    notify_delay_after = 60
  }
}

resource "aws_glue_workflow" "this" {
  provider               = aws.domain
  name                   = "acme-dev-payments"
  description            = "Ingest, then curate"
  max_concurrent_runs    = 1
  default_run_properties = { domain = "payments" }
  tags                   = { domain = "payments" }
}

resource "aws_glue_trigger" "ingest" {
  provider          = aws.domain
  name              = "acme-dev-payments-ingest"
  description       = "Every night"
  type              = "SCHEDULED"
  schedule          = "cron(0 3 * * ? *)"
  workflow_name     = aws_glue_workflow.this.name
  start_on_creation = true
  enabled           = true
  tags              = { domain = "payments" }
  actions {
    job_name               = aws_glue_job.this["ingest"].name
    arguments              = { "--source" = "incoming" }
    security_configuration = aws_glue_security_configuration.this.name
    timeout                = 60
    notification_property {
      notify_delay_after = 30
    }
  }
}

resource "aws_glue_trigger" "curate" {
  provider          = aws.domain
  name              = "acme-dev-payments-curate"
  type              = "CONDITIONAL"
  workflow_name     = aws_glue_workflow.this.name
  start_on_creation = true
  predicate {
    logical = "AND"
    conditions {
      job_name         = aws_glue_job.this["ingest"].name
      state            = "SUCCEEDED"
      logical_operator = "EQUALS"
    }
  }
  actions {
    job_name = aws_glue_job.this["curate"].name
  }
}

resource "aws_glue_trigger" "crawl" {
  provider          = aws.domain
  name              = "acme-dev-payments-crawl"
  type              = "CONDITIONAL"
  workflow_name     = aws_glue_workflow.this.name
  start_on_creation = true
  predicate {
    conditions {
      job_name = aws_glue_job.this["curate"].name
      state    = "SUCCEEDED"
    }
  }
  actions {
    crawler_name = aws_glue_crawler.raw.name
  }
}

resource "aws_glue_data_quality_ruleset" "customers" {
  provider    = aws.domain
  name        = "acme-dev-payments-customers"
  description = "What customers must be"
  ruleset     = "Rules = [ IsComplete \"customer_id\", RowCount > 0 ]"
  tags        = { domain = "payments" }
  target_table {
    catalog_id    = local.governance
    database_name = aws_glue_catalog_database.cards.name
    table_name    = aws_glue_catalog_table.customers.name
  }
}

resource "aws_macie2_account" "this" {
  provider                     = aws.domain
  finding_publishing_frequency = "FIFTEEN_MINUTES"
  status                       = "ENABLED"
}

resource "aws_macie2_custom_data_identifier" "iban" {
  provider               = aws.domain
  name                   = "acme-dev-iban"
  description            = "Account numbers"
  regex                  = "[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}"
  keywords               = ["iban", "account"]
  maximum_match_distance = 40
  tags                   = { domain = "payments" }
  depends_on             = [aws_macie2_account.this]
}

resource "aws_macie2_classification_job" "raw" {
  provider                   = aws.domain
  name                       = "acme-dev-payments"
  description                = "Looks for personal data"
  job_type                   = "SCHEDULED"
  initial_run                = true
  sampling_percentage        = 20
  custom_data_identifier_ids = [aws_macie2_custom_data_identifier.iban.id]
  tags                       = { domain = "payments" }
  schedule_frequency {
    weekly_schedule = "MONDAY"
  }
  s3_job_definition {
    bucket_definitions {
      account_id = local.domain
      buckets    = [aws_s3_bucket.raw.id]
    }
    scoping {
      excludes {
        and {
          simple_scope_term {
            comparator = "STARTS_WITH"
            key        = "OBJECT_KEY"
            values     = ["scripts/"]
          }
        }
      }
    }
  }
}

# The domain's results go to the governance account's bus.
resource "aws_cloudwatch_event_bus" "lake" {
  name               = "acme-dev-lake-events"
  description        = "Data quality"
  kms_key_identifier = aws_kms_key.catalogue.arn
}

resource "aws_cloudwatch_event_bus_policy" "lake" {
  event_bus_name = aws_cloudwatch_event_bus.lake.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Sid       = "Domains"
    Effect    = "Allow"
    Principal = { AWS = "arn:aws:iam::${local.domain}:root" }
    Action    = "events:PutEvents"
    Resource  = aws_cloudwatch_event_bus.lake.arn
    Condition = { ArnEquals = { "aws:PrincipalArn" = aws_iam_role.job.arn } }
  }] })
}

resource "aws_cloudwatch_event_archive" "lake" {
  name             = "acme-dev-lake-events"
  event_source_arn = aws_cloudwatch_event_bus.lake.arn
  retention_days   = 90
  event_pattern    = jsonencode({ source = ["aws.glue-dataquality"] })
}

resource "aws_cloudwatch_event_rule" "quality" {
  provider      = aws.domain
  name          = "acme-dev-payments-quality"
  description   = "Results of data quality runs"
  event_pattern = jsonencode({ source = ["aws.glue-dataquality"], "detail-type" = ["Data Quality Evaluation Results Available"] })
  state         = "ENABLED"
  tags          = { domain = "payments" }
}

resource "aws_cloudwatch_event_target" "quality" {
  provider  = aws.domain
  rule      = aws_cloudwatch_event_rule.quality.name
  target_id = "governance"
  arn       = aws_cloudwatch_event_bus.lake.arn
  role_arn  = aws_iam_role.job.arn
  dead_letter_config {
    arn = "arn:aws:sqs:eu-west-1:${local.domain}:acme-dev-payments-undelivered"
  }
}

resource "aws_scheduler_schedule_group" "this" {
  provider = aws.domain
  name     = "acme-dev-payments"
  tags     = { domain = "payments" }
}

resource "aws_scheduler_schedule" "quality" {
  provider                     = aws.domain
  name                         = "acme-dev-payments-customers"
  group_name                   = aws_scheduler_schedule_group.this.name
  description                  = "Evaluates the rules"
  schedule_expression          = "cron(0 5 * * ? *)"
  schedule_expression_timezone = "UTC"
  kms_key_arn                  = aws_kms_key.domain.arn
  state                        = "ENABLED"
  flexible_time_window {
    mode                      = "FLEXIBLE"
    maximum_window_in_minutes = 15
  }
  target {
    arn      = "arn:aws:scheduler:::aws-sdk:glue:startDataQualityRulesetEvaluationRun"
    role_arn = aws_iam_role.job.arn
    input    = jsonencode({ RulesetNames = [aws_glue_data_quality_ruleset.customers.name] })
    dead_letter_config {
      arn = "arn:aws:sqs:eu-west-1:${local.domain}:acme-dev-payments-undelivered"
    }
    retry_policy {
      maximum_event_age_in_seconds = 3600
      maximum_retry_attempts       = 3
    }
  }
}
