# Packages: a domain, the repository that fetches from PyPI, and the one that is installed from.
resource "aws_codeartifact_domain" "this" {
  domain         = "acme-ml"
  encryption_key = local.key
}

resource "aws_codeartifact_repository" "pypi" {
  domain      = aws_codeartifact_domain.this.domain
  repository  = "pypi-store"
  description = "fetched from PyPI"
  external_connections {
    external_connection_name = "public:pypi"
  }
}

resource "aws_codeartifact_repository" "packages" {
  domain     = aws_codeartifact_domain.this.domain
  repository = "packages"
  upstream {
    repository_name = aws_codeartifact_repository.pypi.repository
  }
}

resource "aws_codeartifact_domain_permissions_policy" "this" {
  domain = aws_codeartifact_domain.this.domain
  policy_document = jsonencode({ Version = "2012-10-17", Statement = [{
    Sid      = "UnitsSignIn", Effect = "Allow", Principal = "*", Action = "codeartifact:GetAuthorizationToken"
    Resource = aws_codeartifact_domain.this.arn, Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-acme" } }
  }] })
}

resource "aws_codeartifact_repository_permissions_policy" "this" {
  domain     = aws_codeartifact_domain.this.domain
  repository = aws_codeartifact_repository.packages.repository
  policy_document = jsonencode({ Version = "2012-10-17", Statement = [{
    Sid      = "UnitsInstall", Effect = "Allow", Principal = "*", Action = "codeartifact:ReadFromRepository"
    Resource = aws_codeartifact_repository.packages.arn, Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-acme" } }
  }] })
}
