"""What a release may do to a stack: put another version to use, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_ENDPOINT = "aws_sagemaker_endpoint"
_MADE_ANEW = frozenset({"create", "update", "delete"})
_CHANGED = frozenset({"create", "update"})
# Type -> what a release may do to it. What is named by its version is made anew with each; it holds no data.
ALLOWED: Mapping[str, frozenset[str]] = {
    "aws_appautoscaling_policy": _MADE_ANEW,
    "aws_appautoscaling_target": _MADE_ANEW,
    "aws_cloudcontrolapi_resource": _MADE_ANEW,  # job definitions that the provider lacks
    "aws_cloudwatch_metric_alarm": _MADE_ANEW,
    "aws_s3_object": _MADE_ANEW,  # files of monitors; not the stack's own
    "aws_sagemaker_data_quality_job_definition": _MADE_ANEW,
    _ENDPOINT: _CHANGED,
    "aws_sagemaker_endpoint_configuration": _MADE_ANEW,
    "aws_sagemaker_model": _MADE_ANEW,
    "aws_sagemaker_monitoring_schedule": _MADE_ANEW,
    "aws_sagemaker_pipeline": _CHANGED,
    "aws_scheduler_schedule": _MADE_ANEW,
}
_JOBS = ("AWS::SageMaker::ModelBias", "AWS::SageMaker::ModelExplainability", "AWS::SageMaker::ModelQuality")
_MONITORS = "stack/monitors/"
_NOTHING = frozenset({"no-op", "read"})


def refusals(plan: Mapping[str, Any], *, may_remove_endpoint: bool = False) -> Iterator[str]:
    """Why the plan is not a release: each change that none makes, in words.

    With `may_remove_endpoint` the endpoint may go: when the first version ever failed, nothing was served before it.
    """
    for change in plan.get("resource_changes", ()):
        actions = frozenset(change["change"]["actions"]) - _NOTHING
        if not actions:
            continue
        kind, address = change["type"], change["address"]
        allowed = ALLOWED.get(kind, frozenset())
        if kind == _ENDPOINT and may_remove_endpoint:
            allowed = _MADE_ANEW
        if not actions <= allowed or not _may(kind, change["change"]):
            yield f"{address} would see {' and '.join(sorted(actions))}"


def _may(kind: str, change: Mapping[str, Any]) -> bool:
    """Whether the very thing may change so, where its type does not tell: only job definitions, and monitors' files."""
    sides = [side for side in (change.get("before"), change.get("after")) if side]
    if kind == "aws_s3_object":
        return all(str(side["key"]).startswith(_MONITORS) for side in sides)
    if kind != "aws_cloudcontrolapi_resource":
        return True
    names = (str(side["type_name"]) for side in sides)
    return all(name.startswith(_JOBS) and name.endswith("JobDefinition") for name in names)
