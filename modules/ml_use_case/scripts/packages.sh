#!/bin/bash
# Points pip of a Studio space to the organisation's packages: spaces have no way to the internet. The token lasts
# twelve hours; a space that idles is shut down before. Where it cannot be had the space starts all the same.
set -euo pipefail

sign_in() {
  local domain owner repository region
  read -r domain owner repository region < <(
    aws ssm get-parameter --name "@PARAMETER@" --query Parameter.Value --output text
  )
  aws codeartifact login --tool pip --domain "$domain" --domain-owner "$owner" --repository "$repository" \
    --region "$region"
}

sign_in || echo "no packages: the parameter @PARAMETER@ or the repository it names cannot be reached" >&2
