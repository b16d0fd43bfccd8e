# A central bus, what it keeps, and the schemas of what is said there.
resource "aws_cloudwatch_event_bus" "this" {
  name        = "acme-ml-events"
  description = "what happens to models"
}

resource "aws_cloudwatch_event_bus_policy" "this" {
  event_bus_name = aws_cloudwatch_event_bus.this.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Sid = "TeamsAnnounce", Effect = "Allow", Principal = "*", Action = "events:PutEvents", Resource = aws_cloudwatch_event_bus.this.arn
    Condition = {
      StringEquals                = { "aws:PrincipalOrgID" = "o-acme" }
      "ForAllValues:StringEquals" = { "events:source" = "aws.sagemaker" }
      Null                        = { "events:source" = "false" }
    }
  }] })
}

resource "aws_cloudwatch_event_archive" "this" {
  name             = "acme-ml-events"
  description      = "to be replayed"
  event_source_arn = aws_cloudwatch_event_bus.this.arn
  event_pattern    = jsonencode({ source = ["aws.sagemaker"] })
  retention_days   = 365
}

resource "aws_cloudwatch_event_rule" "this" {
  name           = "acme-ml-events-log"
  event_bus_name = aws_cloudwatch_event_bus.this.name
  event_pattern  = jsonencode({ source = [{ prefix = "" }] })
}

resource "aws_schemas_registry" "this" {
  name        = "acme-ml-events"
  description = "every kind of event"
}

resource "aws_schemas_schema" "this" {
  name          = "aws.sagemaker@SageMakerModelPackageStateChange"
  registry_name = aws_schemas_registry.this.name
  type          = "JSONSchemaDraft4"
  description   = "a version of a model changed"
  content       = jsonencode({ "$schema" = "http://json-schema.org/draft-04/schema#", type = "object", required = ["detail"] })
}
