"""Pipelines of GitHub Actions and GitLab that do what Atlantis would: check, gate, plan, review, apply, look for drift.

`facts` is what they are made from, `commands` what both hosts run, `templates/` how each host says it; `split` cuts the
affected stacks into jobs when a pipeline runs.
"""
