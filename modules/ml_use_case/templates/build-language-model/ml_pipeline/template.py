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
    huggingface = str(
        image_uris.retrieve(
            "huggingface",
            region=settings.region,
            version=VERSION,
            base_framework_version=PYTORCH,
            py_version=PYTHON,
            image_scope="training",
            instance_type="ml.g5.xlarge",
        )
    )
    return Images(
        processing=settings.images.get("processing", huggingface),
        training=settings.images.get("training", huggingface),
        inference=settings.images.get("inference", huggingface),
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
        "SupportedRealtimeInferenceInstanceTypes": ["ml.m5.xlarge", "ml.g5.xlarge"],
        "SupportedTransformInstanceTypes": ["ml.m5.xlarge", "ml.g5.xlarge"],
    }
