# The central catalogue of the governance account: vocabulary, a domain's database and table, who may read what.
locals {
  columns = { customer_id = "bigint", email = "string", country = "string" }
  vocabulary = {
    domain      = ["payments", "retail"]
    layer       = ["raw", "curated", "analytics", "features"]
    sensitivity = ["public", "internal", "confidential", "restricted"]
    stage       = ["draft", "published", "deprecated"]
  }
}

resource "aws_kms_key" "catalogue" {
  description             = "Catalogue"
  enable_key_rotation     = true
  deletion_window_in_days = 7
}

resource "aws_iam_role" "administrator" {
  name               = "lake-administrator"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::${local.governance}:root" }, Action = "sts:AssumeRole" }] })
}

resource "aws_iam_role" "location" {
  name               = "lake-payments"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "lakeformation.amazonaws.com" }, Action = ["sts:AssumeRole", "sts:SetContext"] }] })
}

resource "aws_lakeformation_data_lake_settings" "this" {
  admins                        = [aws_iam_role.administrator.arn, "arn:aws:iam::${local.governance}:role/OrganizationAccountAccessRole"]
  read_only_admins              = [aws_iam_role.location.arn]
  parameters                    = { CROSS_ACCOUNT_VERSION = "4" }
  allow_external_data_filtering = false
}

resource "aws_glue_data_catalog_encryption_settings" "this" {
  data_catalog_encryption_settings {
    connection_password_encryption {
      aws_kms_key_id                       = aws_kms_key.catalogue.arn
      return_connection_password_encrypted = true
    }
    encryption_at_rest {
      catalog_encryption_mode = "SSE-KMS"
      sse_aws_kms_key_id      = aws_kms_key.catalogue.arn
    }
  }
}

resource "aws_glue_resource_policy" "this" {
  enable_hybrid = "TRUE"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Sid       = "Organisation"
    Effect    = "Deny"
    Principal = { AWS = "*" }
    Action    = "glue:*"
    Resource  = "arn:aws:glue:eu-west-1:${local.governance}:*"
    Condition = { StringNotEquals = { "aws:PrincipalOrgID" = "o-1234567890" } }
  }] })
}

resource "aws_lakeformation_lf_tag" "this" {
  for_each   = local.vocabulary
  key        = each.key
  values     = each.value
  depends_on = [aws_lakeformation_data_lake_settings.this]
}

resource "aws_lakeformation_resource" "curated" {
  arn                   = "arn:aws:s3:::acme-dev-payments-curated"
  role_arn              = aws_iam_role.location.arn
  hybrid_access_enabled = false
}

resource "aws_lakeformation_resource" "raw" {
  arn                   = "arn:aws:s3:::acme-dev-payments-raw"
  role_arn              = aws_iam_role.location.arn
  hybrid_access_enabled = true
}

resource "aws_glue_catalog_database" "cards" {
  name         = "payments_cards"
  description  = "Cards"
  location_uri = "s3://acme-dev-payments-curated/cards"
  parameters   = { owner = "payments@acme.example" }
  depends_on   = [aws_lakeformation_data_lake_settings.this]
}

resource "aws_glue_catalog_table" "customers" {
  database_name = aws_glue_catalog_database.cards.name
  name          = "customers"
  description   = "Who holds a card"
  owner         = "payments@acme.example"
  table_type    = "EXTERNAL_TABLE"
  parameters    = { classification = "parquet", EXTERNAL = "TRUE" }
  partition_keys {
    name = "day"
    type = "date"
  }
  storage_descriptor {
    location      = "s3://acme-dev-payments-curated/cards/customers"
    input_format  = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
    ser_de_info {
      serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
      parameters            = { "serialization.format" = "1" }
    }
    dynamic "columns" {
      for_each = local.columns
      content {
        name    = columns.key
        type    = columns.value
        comment = "The ${columns.key}"
      }
    }
  }
}

resource "aws_glue_catalog_table" "events" {
  database_name = aws_glue_catalog_database.cards.name
  name          = "events"
  table_type    = "EXTERNAL_TABLE"
  open_table_format_input {
    iceberg_input {
      metadata_operation = "CREATE"
      version            = 2
    }
  }
  storage_descriptor {
    location = "s3://acme-dev-payments-curated/cards/events"
    columns {
      name = "at"
      type = "timestamp"
    }
  }
}

resource "aws_glue_catalog_table_optimizer" "this" {
  for_each      = toset(["compaction", "retention", "orphan_file_deletion"])
  catalog_id    = local.governance
  database_name = aws_glue_catalog_database.cards.name
  table_name    = aws_glue_catalog_table.events.name
  type          = each.key
  configuration {
    role_arn = aws_iam_role.location.arn
    enabled  = true
    dynamic "retention_configuration" {
      for_each = each.key == "retention" ? [1] : []
      content {
        iceberg_configuration {
          snapshot_retention_period_in_days = 7
          number_of_snapshots_to_retain     = 3
          clean_expired_files               = true
        }
      }
    }
    dynamic "orphan_file_deletion_configuration" {
      for_each = each.key == "orphan_file_deletion" ? [1] : []
      content {
        iceberg_configuration {
          orphan_file_retention_period_in_days = 7
          location                             = "s3://acme-dev-payments-curated/cards/events"
        }
      }
    }
  }
}

resource "aws_lakeformation_resource_lf_tags" "database" {
  database {
    name = aws_glue_catalog_database.cards.name
  }
  lf_tag {
    key   = "domain"
    value = "payments"
  }
  lf_tag {
    key   = "sensitivity"
    value = "internal"
  }
  lf_tag {
    key   = "layer"
    value = "curated"
  }
  depends_on = [aws_lakeformation_lf_tag.this]
}

resource "aws_lakeformation_resource_lf_tags" "table" {
  table {
    database_name = aws_glue_catalog_database.cards.name
    name          = aws_glue_catalog_table.customers.name
  }
  lf_tag {
    key   = "sensitivity"
    value = "confidential"
  }
  depends_on = [aws_lakeformation_lf_tag.this]
}

resource "aws_lakeformation_resource_lf_tags" "columns" {
  table_with_columns {
    database_name = aws_glue_catalog_database.cards.name
    name          = aws_glue_catalog_table.customers.name
    column_names  = ["email", "customer_id"]
  }
  lf_tag {
    key   = "sensitivity"
    value = "restricted"
  }
  depends_on = [aws_lakeformation_resource_lf_tags.table]
}

resource "aws_lakeformation_resource_lf_tag" "events" {
  table {
    database_name = aws_glue_catalog_database.cards.name
    name          = aws_glue_catalog_table.events.name
  }
  lf_tag {
    key   = "stage"
    value = "draft"
  }
  depends_on = [aws_lakeformation_lf_tag.this]
}

resource "aws_lakeformation_data_cells_filter" "ireland" {
  table_data {
    table_catalog_id = local.governance
    database_name    = aws_glue_catalog_database.cards.name
    table_name       = aws_glue_catalog_table.customers.name
    name             = "ireland"
    column_wildcard {
      excluded_column_names = ["email"]
    }
    row_filter {
      filter_expression = "country = 'IE' and customer_id > 0"
    }
  }
}

resource "aws_lakeformation_data_cells_filter" "columns" {
  table_data {
    table_catalog_id = local.governance
    database_name    = aws_glue_catalog_database.cards.name
    table_name       = aws_glue_catalog_table.customers.name
    name             = "columns"
    column_names     = ["country", "customer_id"]
    row_filter {
      all_rows_wildcard {}
    }
  }
}
