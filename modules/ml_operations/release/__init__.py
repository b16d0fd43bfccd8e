"""What the builds of a release pipeline run: standard library, boto3 and Terraform, and nothing else to install."""
