"""What is particular to this template: texts sorted into classes by a small language model, fine-tuned with LoRA."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sagemaker.core import image_uris

from ml_pipeline import images as shared
from ml_pipeline.code import STEPS
from ml_pipeline.problem import MULTICLASS
from ml_pipeline.settings import Settings, SettingsError

KINDS = (MULTICLASS,)
# Of SageMaker's container of Hugging Face, made for graphics cards, able without. requirements.in keeps to it.
VERSION, PYTORCH, PYTHON = "5.3.0", "pytorch2.9.0", "py312"
# Serving has containers of its own, which follow behind; this one is for processors.
SERVED_BY, SERVED_PYTORCH, SERVED_ON = "5.5.3", "pytorch2.6.0", "ml.m5.xlarge"
HYPERPARAMETERS: dict[str, str] = json.loads((STEPS / "hyperparameters.json").read_text())
LOGGED_METRICS = {"train:loss": r"train_loss=([0-9.eE+-]+)", "validation:loss": r"validation_loss=([0-9.eE+-]+)"}


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
    training = _huggingface(settings.region, VERSION, PYTORCH, "training", "ml.g5.xlarge")
    serving = _huggingface(settings.region, SERVED_BY, SERVED_PYTORCH, "inference", SERVED_ON)
    return Images(
        processing=settings.images.get("processing", training),
        training=settings.images.get("training", training),
        inference=settings.images.get("inference", serving),
        clarify=shared.clarify(settings.region),
        monitor=shared.monitor(settings.region),
    )


def channels(settings: Settings) -> Mapping[str, Any]:
    """What training reads beside its data: the model to begin with, which no isolated job could fetch from a hub.

    Raises SettingsError when the settings do not say where it lies.
    """
    if settings.base_model_uri is None:
        raise SettingsError("base_model_uri is not set: it says where the language model to begin with lies")
    return {"base": settings.base_model_uri}


def inference(image: str, model: Any) -> dict[str, Any]:
    """How the model is served: it lies whole in the archive, the adapter merged into the model it began with."""
    code = {"SAGEMAKER_PROGRAM": "inference.py", "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code"}
    return {
        "Containers": [{"Image": image, "ModelDataUrl": model, "Environment": code, "Framework": "HUGGINGFACE"}],
        "SupportedContentTypes": ["application/json"],
        "SupportedResponseMIMETypes": ["application/json"],
        "SupportedRealtimeInferenceInstanceTypes": [SERVED_ON],
        "SupportedTransformInstanceTypes": [SERVED_ON],
    }


def _huggingface(region: str, version: str, pytorch: str, scope: str, instance_type: str) -> str:
    return str(
        image_uris.retrieve(
            "huggingface",
            region=region,
            version=version,
            base_framework_version=pytorch,
            py_version=PYTHON,
            image_scope=scope,
            instance_type=instance_type,
        )
    )
