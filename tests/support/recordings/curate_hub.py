"""The calls of the function that brings a private hub to its list."""

from __future__ import annotations

import inspect

import boto3

from modules.ml_platform.functions.curate_hub.handler import curate
from tests.modules.test_model_registry import _shared
from tests.support.recording import Recording
from tests.support.rendering import Rendered


def _rendered() -> Rendered:
    found: Rendered = inspect.unwrap(_shared)()[0]
    return found


def _run() -> None:
    curate(boto3.client("sagemaker"), "acme-test-models", "aws", "eu-west-1", ["new"])


RECORDING = Recording(
    _rendered,
    "curate-hub",
    _run,
    {
        "sagemaker:ListHubContents": {"HubContentSummaries": [{"HubContentName": "old"}]},
        "sagemaker:CreateHubContentReference": {},
        "sagemaker:DeleteHubContentReference": {},
    },
)
