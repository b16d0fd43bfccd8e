"""What is particular to this template: tables, and gradient-boosted trees by XGBoost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sagemaker.core import image_uris

from ml_pipeline import images as shared
from ml_pipeline.code import STEPS
from ml_pipeline.problem import BINARY, MULTICLASS, REGRESSION
from ml_pipeline.settings import Settings

KINDS = (BINARY, MULTICLASS, REGRESSION)
VERSION = "3.0-5"  # of SageMaker's XGBoost container; requirements.in keeps to it
HYPERPARAMETERS: dict[str, str] = json.loads((STEPS / "hyperparameters.json").read_text())
LOGGED_METRICS = {"validation:loss": r"validation-(?:logloss|mlogloss|rmse):([0-9.eE+-]+)"}


@dataclass(frozen=True)
class Images:
    """The containers of the pipeline's jobs and of the model's endpoint."""

    processing: str
    training: str
    inference: str
    clarify: str
    monitor: str


def images(settings: Settings) -> Images:
    """AWS's own, but for those that the settings name."""
    xgboost = str(image_uris.retrieve("xgboost", region=settings.region, version=VERSION))
    return Images(
        processing=settings.images.get("processing", xgboost),
        training=settings.images.get("training", xgboost),
        inference=settings.images.get("inference", xgboost),
        clarify=shared.clarify(settings.region),
        monitor=shared.monitor(settings.region),
    )


def channels(settings: Settings) -> Mapping[str, Any]:
    """What training reads beside its data: nothing."""
    return {}


def inference(image: str, model: Any) -> dict[str, Any]:
    """How an endpoint serves the model: by steps/inference.py, which lies in it."""
    code = {"SAGEMAKER_PROGRAM": "inference.py", "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code"}
    return {
        "Containers": [{"Image": image, "ModelDataUrl": model, "Environment": code, "Framework": "XGBOOST"}],
        "SupportedContentTypes": ["text/csv", "application/json"],
        "SupportedResponseMIMETypes": ["application/json"],
        "SupportedRealtimeInferenceInstanceTypes": ["ml.m5.large", "ml.m5.xlarge"],
        "SupportedTransformInstanceTypes": ["ml.m5.large", "ml.m5.xlarge"],
    }
