# The organisation's trail, in the management account, with key and bucket of the log archive.
resource "aws_cloudtrail" "organization" {
  name                          = "acme-organization"
  s3_bucket_name                = data.terraform_remote_state.baseline.outputs.bucket
  s3_key_prefix                 = "cloudtrail"
  kms_key_id                    = data.terraform_remote_state.baseline.outputs.key_arn
  is_organization_trail         = true
  is_multi_region_trail         = true
  enable_log_file_validation    = true
  include_global_service_events = true
  tags                          = { organization_id = data.terraform_remote_state.organization.outputs.id }

  advanced_event_selector {
    name = "Management events"
    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
  }

  advanced_event_selector {
    name = "Objects outside the archive"
    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }
    field_selector {
      field  = "resources.type"
      equals = ["AWS::S3::Object"]
    }
    field_selector {
      field           = "resources.ARN"
      not_starts_with = ["arn:aws:s3:::acme-logs/"]
    }
  }

  insight_selector {
    insight_type = "ApiCallRateInsight"
  }

  insight_selector {
    insight_type = "ApiErrorRateInsight"
  }
}
