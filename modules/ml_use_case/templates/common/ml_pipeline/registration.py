"""The request that registers a model: pending approval, with all that its approval and its monitoring need."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from sagemaker.core.workflow.functions import Join

from ml_pipeline.baselines import CONSTRAINTS, STATISTICS
from ml_pipeline.jobs import Request
from ml_pipeline.settings import Settings

_JSON = "application/json"
SAMPLES = "samples.jsonl"  # as steps/samples.py writes it


def model_package(
    settings: Settings,
    *,
    inference: Request,
    outputs: Mapping[str, Any],
    lineage: Mapping[str, Any],
    commit: str,
) -> Request:
    """A request of CreateModelPackage. `outputs`: by what they tell, the prefixes to which the jobs wrote.

    It has no tags: AWS refuses them, a version has those of its group. Limits of `CustomerMetadataProperties`: 50
    entries, 256 characters each (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackage.html).
    """
    return {
        "ModelPackageGroupName": settings.model_package_group,
        "ModelPackageDescription": settings.description[:1024],
        "ModelApprovalStatus": "PendingManualApproval",
        "InferenceSpecification": inference,
        "ModelMetrics": _metrics(outputs),
        "DriftCheckBaselines": _drift(outputs),
        "SamplePayloadUrl": Join(on="/", values=[outputs["samples"], SAMPLES]),
        "CustomerMetadataProperties": {key: _short(value) for key, value in lineage.items()},
        "MetadataProperties": {
            "CommitId": commit,
            "GeneratedBy": settings.pipeline_name,
            "ProjectId": settings.project,
        },
    }


def lineage(settings: Settings, commit: str, run: Any, execution: Any, code_uri: str) -> dict[str, Any]:
    """From what the model came: source, run, data and features. What only the run knows, the run fills in."""
    data = settings.data
    known: dict[str, Any] = {
        "project": settings.project,
        "team": settings.team,
        "template": settings.template,
        "commit": commit,
        "run": run,
        "execution": execution,
        "code": code_uri,
    }
    if data["kind"] == "files":
        return known | {"dataset": data["uri"]}
    known |= {
        "dataset": f"{data['domain']}.{data['product']}.{data['table']}",
        "dataset_table": f"{data['database']}.{data['table']}",
        "query_sha256": hashlib.sha256(data["query"].encode()).hexdigest(),
        "query_workgroup": data["workgroup"],
        "query_results": under(settings, run, "query"),
    }
    if data["features"]:
        known["feature_groups"] = ", ".join(each["group"] for each in data["features"])
    return known


def under(settings: Settings, run: Any, *parts: str) -> Join:
    """A prefix of the run: no other run writes there, so what a version names stays as it was."""
    return Join(on="/", values=[settings.runs, run, *parts])


def _metrics(outputs: Mapping[str, Any]) -> Request:
    metrics: Request = {
        "ModelQuality": {
            "Statistics": _source(outputs["evaluation"], "evaluation.json"),
            "Constraints": _source(outputs["model_quality"], CONSTRAINTS),
        },
        "ModelDataQuality": {
            "Statistics": _source(outputs["data_quality"], STATISTICS),
            "Constraints": _source(outputs["data_quality"], CONSTRAINTS),
        },
        "Explainability": {"Report": _source(outputs["explanations"], "analysis.json")},
    }
    if "data_bias" in outputs:
        metrics["Bias"] = {
            "PreTrainingReport": _source(outputs["data_bias"], "analysis.json"),
            "PostTrainingReport": _source(outputs["model_bias"], "analysis.json"),
        }
    return metrics


def _drift(outputs: Mapping[str, Any]) -> Request:
    baselines: Request = {
        "ModelQuality": {
            "Statistics": _source(outputs["model_quality"], STATISTICS),
            "Constraints": _source(outputs["model_quality"], CONSTRAINTS),
        },
        "ModelDataQuality": {
            "Statistics": _source(outputs["data_quality"], STATISTICS),
            "Constraints": _source(outputs["data_quality"], CONSTRAINTS),
        },
        "Explainability": {"Constraints": _source(outputs["explanations"], "analysis.json")},
    }
    if "data_bias" in outputs:
        baselines["Bias"] = {
            "PreTrainingConstraints": _source(outputs["data_bias"], "analysis.json"),
            "PostTrainingConstraints": _source(outputs["model_bias"], "analysis.json"),
        }
    return baselines


def _source(prefix: Any, name: str) -> Request:
    return {"ContentType": _JSON, "S3Uri": Join(on="/", values=[prefix, name])}


def _short(value: Any) -> Any:
    return value[:256] if isinstance(value, str) else value
