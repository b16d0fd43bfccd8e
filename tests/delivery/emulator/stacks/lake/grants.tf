# Permissions of every kind, to a role of the governance account or of the team's.
locals {
  reader = "arn:aws:iam::${local.team}:role/fraud-data-scientist"
}

resource "aws_lakeformation_permissions" "tag" {
  principal   = local.reader
  permissions = ["DESCRIBE", "ASSOCIATE"]
  lf_tag {
    key    = "stage"
    values = ["published", "draft"]
  }
  depends_on = [aws_lakeformation_lf_tag.this]
}

resource "aws_lakeformation_permissions" "policy" {
  for_each    = { DATABASE = ["DESCRIBE"], TABLE = ["SELECT", "DESCRIBE"] }
  principal   = local.reader
  permissions = each.value
  lf_tag_policy {
    resource_type = each.key
    expression {
      key    = "stage"
      values = ["published"]
    }
    expression {
      key    = "sensitivity"
      values = ["public", "internal", "confidential"]
    }
    expression {
      key    = "domain"
      values = ["payments"]
    }
  }
  depends_on = [aws_lakeformation_lf_tag.this]
}

resource "aws_lakeformation_permissions" "database" {
  principal   = aws_iam_role.location.arn
  permissions = ["DESCRIBE", "CREATE_TABLE", "ALTER"]
  database {
    name = aws_glue_catalog_database.cards.name
  }
}

resource "aws_lakeformation_permissions" "table" {
  principal   = "arn:aws:iam::${local.domain}:role/payments-job"
  permissions = ["SELECT", "INSERT", "DELETE", "DESCRIBE", "ALTER"]
  table {
    database_name = aws_glue_catalog_database.cards.name
    name          = aws_glue_catalog_table.customers.name
  }
  depends_on = [aws_lakeformation_data_lake_settings.this]
}

resource "aws_lakeformation_permissions" "all_tables" {
  principal   = "arn:aws:iam::${local.domain}:role/payments-crawler"
  permissions = ["ALTER", "DESCRIBE", "INSERT"]
  table {
    database_name = aws_glue_catalog_database.cards.name
    wildcard      = true
  }
  depends_on = [aws_lakeformation_data_lake_settings.this]
}

resource "aws_lakeformation_permissions" "columns" {
  principal   = local.reader
  permissions = ["SELECT"]
  table_with_columns {
    database_name = aws_glue_catalog_database.cards.name
    name          = aws_glue_catalog_table.customers.name
    column_names  = ["country"]
  }
  depends_on = [aws_lakeformation_data_lake_settings.this]
}

resource "aws_lakeformation_permissions" "most_columns" {
  principal   = aws_iam_role.location.arn
  permissions = ["SELECT"]
  table_with_columns {
    database_name         = aws_glue_catalog_database.cards.name
    name                  = aws_glue_catalog_table.customers.name
    wildcard              = true
    excluded_column_names = ["email"]
  }
}

resource "aws_lakeformation_permissions" "location" {
  principal   = "arn:aws:iam::${local.domain}:role/payments-job"
  permissions = ["DATA_LOCATION_ACCESS"]
  data_location {
    arn = aws_lakeformation_resource.curated.arn
  }
  depends_on = [aws_lakeformation_data_lake_settings.this]
}

resource "aws_lakeformation_permissions" "filter" {
  principal   = local.reader
  permissions = ["SELECT", "DESCRIBE"]
  data_cells_filter {
    table_catalog_id = local.governance
    database_name    = aws_glue_catalog_database.cards.name
    table_name       = aws_glue_catalog_table.customers.name
    name             = aws_lakeformation_data_cells_filter.ireland.table_data[0].name
  }
  depends_on = [aws_lakeformation_data_lake_settings.this]
}

resource "aws_lakeformation_permissions" "catalogue" {
  principal        = aws_iam_role.administrator.arn
  permissions      = ["CREATE_DATABASE"]
  catalog_resource = true
}

resource "aws_lakeformation_opt_in" "database" {
  principal {
    data_lake_principal_identifier = local.reader
  }
  resource_data {
    database {
      catalog_id = local.governance
      name       = aws_glue_catalog_database.cards.name
    }
  }
}

# The team's side: a link, and DESCRIBE on it.
resource "aws_iam_role" "reader" {
  provider           = aws.team
  name               = "fraud-data-scientist"
  path               = "/mlgov/"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::${local.team}:root" }, Action = "sts:AssumeRole" }] })
}

data "aws_iam_roles" "readers" {
  provider    = aws.team
  path_prefix = "/mlgov/"
  depends_on  = [aws_iam_role.reader]
}

resource "aws_glue_catalog_database" "link" {
  provider = aws.team
  name     = "payments_cards"
  target_database {
    catalog_id    = local.governance
    database_name = aws_glue_catalog_database.cards.name
    region        = "eu-west-1"
  }
}

resource "aws_lakeformation_permissions" "link" {
  provider    = aws.team
  principal   = one(data.aws_iam_roles.readers.arns)
  permissions = ["DESCRIBE"]
  database {
    name = aws_glue_catalog_database.link.name
  }
}

# Athena, as a team queries.
resource "aws_kms_key" "results" {
  provider                = aws.team
  enable_key_rotation     = true
  deletion_window_in_days = 7
}

resource "aws_athena_workgroup" "team" {
  provider      = aws.team
  name          = "fraud-queries"
  description   = "Queries of the team fraud"
  force_destroy = false
  tags          = { team = "fraud" }
  configuration {
    bytes_scanned_cutoff_per_query     = 107374182400
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true
    requester_pays_enabled             = false
    engine_version {
      selected_engine_version = "Athena engine version 3"
    }
    result_configuration {
      expected_bucket_owner = local.team
      output_location       = "s3://acme-dev-fraud-results/athena/"
      encryption_configuration {
        encryption_option = "SSE_KMS"
        kms_key_arn       = aws_kms_key.results.arn
      }
    }
  }
}

resource "aws_athena_named_query" "sample" {
  provider    = aws.team
  name        = "customers by country"
  description = "How many customers a country has"
  workgroup   = aws_athena_workgroup.team.id
  database    = aws_glue_catalog_database.link.name
  query       = "SELECT country, count(*) FROM customers GROUP BY country;"
}

resource "aws_athena_prepared_statement" "sample" {
  provider        = aws.team
  name            = "customers_of"
  description     = "Customers of a country"
  workgroup       = aws_athena_workgroup.team.id
  query_statement = "SELECT * FROM customers WHERE country = ?"
}

resource "aws_athena_data_catalog" "central" {
  provider    = aws.team
  name        = "central"
  description = "The central catalogue"
  type        = "GLUE"
  parameters  = { "catalog-id" = local.governance }
  tags        = { team = "fraud" }
}
