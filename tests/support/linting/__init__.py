"""Linting of the IAM policies that stacks render; see docs/adr/0018-plans-coverage-and-linted-policies.md."""
