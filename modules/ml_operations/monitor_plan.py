"""What each monitor is to do, as CloudFormation spells it. No cdktf here.

Texts of the form `${local.name}` are values that Terraform knows later: inside quotes a text, without quotes what
`jsonencode` made. So the whole stays JSON that a policy can read.
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_EndpointInput.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from modules.ml_operations.layout import CONSTRAINTS, STATISTICS, MonitorKind, baseline
from modules.ml_operations.monitoring_settings import MonitoringSettings
from modules.ml_operations.monitors.preprocess import TARGET, TEXT
from modules.ml_operations.names import CAPTURE, FINDINGS, TRUTH

Problem = Literal["BinaryClassification", "MulticlassClassification", "Regression"]
Json = dict[str, Any]
# What SageMaker calls the kinds: in schedules, and in the names of a definition's parts.
WORDS: Mapping[MonitorKind, str] = {
    "data-quality": "DataQuality",
    "model-quality": "ModelQuality",
    "model-bias": "ModelBias",
    "model-explainability": "ModelExplainability",
}
ANALYZER, CLARIFY = "sagemaker-model-monitor-analyzer", "sagemaker-clarify-processing"
_INPUT, _OUTPUT = "/opt/ml/processing/input/endpoint", "/opt/ml/processing/output"
_BATCH = "/opt/ml/processing/input/batch"
# Our models answer so: modules/ml_use_case/templates.
_PREDICTED, _PROBABILITY = "predictions[*].predicted", "predictions[*].probability"


@dataclass(frozen=True, slots=True)
class Watched:
    """A served model as its monitors see it. `bucket` is its bucket's name; `endpoint` None for a batch.

    `text` is the column of a text that the model reads; `facets` are the columns by which bias is measured, with the
    values of the group that might be treated worse; `favourable` the answers that are good for whom they concern.
    """

    target: str
    problem: Problem
    bucket: str
    endpoint: str | None
    text: str | None = None
    favourable: Sequence[object] = ()
    facets: Mapping[str, Sequence[object]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What Terraform knows later, as text of expressions; `subnets` and `features` are of `as_json`."""

    files: str
    image: str
    script: str
    config: str
    subnets: str
    features: str


def as_json(local: str) -> str:
    """What stands for the JSON that the local value `local` holds, until `text` writes it in without quotes."""
    return f"<{local}>"


def text(properties: Json) -> str:
    """The properties as JSON text in which the local values stand as expressions."""
    plain = json.dumps(properties, separators=(",", ":"), sort_keys=True)
    return re.sub(r'"<(local\.\w+)>"', r"${\1}", plain)


def definition(
    kind: MonitorKind,
    watched: Watched,
    known: Known,
    settings: MonitoringSettings,
    *,
    role_arn: str,
    security_group_id: str,
    volume_key_arn: str,
    output_key_arn: str,
) -> Json:
    """The properties of the job definition but name and tags.

    The job is isolated, but for explanations: Clarify asks a copy of the model that it puts up beside the endpoint,
    and reaches it over the VPC, in which no way leads outside.
    """
    word = WORDS[kind]
    return {
        f"{word}AppSpecification": _container(kind, watched, known),
        f"{word}BaselineConfig": _baseline(kind, known),
        f"{word}JobInput": _input(kind, watched, known, settings),
        f"{word}JobOutputConfig": {
            "KmsKeyId": output_key_arn,
            "MonitoringOutputs": [
                {
                    "S3Output": {
                        "LocalPath": _OUTPUT,
                        "S3UploadMode": "EndOfJob",
                        "S3Uri": f"s3://{watched.bucket}/{FINDINGS}{kind}",
                    }
                }
            ],
        },
        "JobResources": {
            "ClusterConfig": {
                "InstanceCount": 1,
                "InstanceType": settings.instance_type,
                "VolumeKmsKeyId": volume_key_arn,
                "VolumeSizeInGB": settings.volume_gb,
            }
        },
        "NetworkConfig": {
            "EnableInterContainerTrafficEncryption": True,
            "EnableNetworkIsolation": kind != "model-explainability",
            "VpcConfig": {"SecurityGroupIds": [security_group_id], "Subnets": known.subnets},
        },
        "RoleArn": role_arn,
        "StoppingCondition": {"MaxRuntimeInSeconds": settings.max_runtime_minutes * 60},
    }


def analysis(kind: MonitorKind, watched: Watched, settings: MonitoringSettings, *, columns: str, model: str) -> Json:
    """What Clarify is to do: its configuration. `columns` name the inputs, as JSON; explanations ask `model`.

    https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-processing-job-configure-analysis.html
    """
    if kind == "model-bias":
        return {
            "headers": columns,
            "label": watched.target,
            "label_values_or_threshold": list(watched.favourable),
            "facet": [
                {"name_or_index": column, "value_or_threshold": list(values)}
                for column, values in sorted(watched.facets.items())
            ],
        }
    asked = {"label": _PREDICTED} if watched.problem == "Regression" else {"probability": _PROBABILITY}
    return {
        "headers": columns,
        "methods": {"shap": {"agg_method": "mean_abs", "num_samples": settings.shap_samples, "seed": 0}},
        "predictor": {
            "accept_type": "application/json",
            "content_template": "$records",
            "content_type": "application/json",
            "initial_instance_count": 1,
            "instance_type": settings.explain_on,
            "model_name": model,
            "record_template": "$features_kvp",
            **asked,
        },
    }


def _container(kind: MonitorKind, watched: Watched, known: Known) -> Json:
    if kind in ("model-bias", "model-explainability"):
        return {"ConfigUri": known.config, "ImageUri": known.image}
    text = {TEXT: watched.text} if watched.text else {}
    environment = {TARGET: watched.target, **text} if kind == "data-quality" else text
    return {
        "ImageUri": known.image,
        "RecordPreprocessorSourceUri": known.script,
        **({"Environment": environment} if environment else {}),
        **({"ProblemType": watched.problem} if kind == "model-quality" else {}),
    }


def _baseline(kind: MonitorKind, known: Known) -> Json:
    found: Json = {"ConstraintsResource": {"S3Uri": baseline(known.files, kind, CONSTRAINTS)}}
    if kind == "data-quality":
        found["StatisticsResource"] = {"S3Uri": baseline(known.files, kind, STATISTICS)}
    return found


def _input(kind: MonitorKind, watched: Watched, known: Known, settings: MonitoringSettings) -> Json:
    if watched.endpoint is None:
        return {
            "BatchTransformInput": {
                "DataCapturedDestinationS3Uri": f"s3://{watched.bucket}/{CAPTURE}",
                "DatasetFormat": {"Json": {"Line": True}},
                "LocalPath": _BATCH,
            }
        }
    since, until = settings.window(kind)
    endpoint: Json = {"EndpointName": watched.endpoint, "LocalPath": _INPUT}
    truth = {"GroundTruthS3Input": {"S3Uri": f"s3://{watched.bucket}/{TRUTH}"}}
    if kind == "data-quality":
        return {"EndpointInput": endpoint}
    if kind == "model-explainability":
        return {"EndpointInput": {**endpoint, "FeaturesAttribute": known.features}}
    endpoint |= {"EndTimeOffset": until, "StartTimeOffset": since}
    if kind == "model-bias":
        answers = {"FeaturesAttribute": known.features, "InferenceAttribute": _PREDICTED}
        return {"EndpointInput": {**endpoint, **answers}, **truth}
    surely = {"ProbabilityAttribute": "probability"} if watched.problem == "BinaryClassification" else {}
    return {"EndpointInput": {**endpoint, "InferenceAttribute": "predicted", **surely}, **truth}
