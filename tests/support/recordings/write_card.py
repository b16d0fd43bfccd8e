"""The calls of the function that writes model cards."""

from __future__ import annotations

from unittest.mock import patch

import boto3
from aws_lambda_powertools import Metrics

from modules.ml_operations.functions.write_card import handler
from tests.modules.test_model_cards import EXPORTS, MODEL, deliver
from tests.support.recording import QUEUE, Recording
from tests.support.recordings.decide_release import _construct
from tests.support.release_world import GROUP, World

WORLD = World()


def _run() -> None:
    """An approved version is described, and its card exported."""
    WORLD.decide(3, "Approved")
    found = handler.CardWriter(boto3.client("sagemaker"), boto3.client("s3"), {GROUP: MODEL}, EXPORTS)
    metrics = Metrics(namespace="mlgov/Functions", service="model-cards")
    with patch.object(handler, "_writer", lambda: found), patch.object(handler, "metrics", metrics):
        deliver()


RECORDING = Recording(
    _construct,
    "model-cards",
    _run,
    WORLD.answers,
    {
        **QUEUE,
        "s3:ListBucket": "S3 tells an object that is missing from one that is forbidden",
        "s3:PutObject": "SageMaker writes exports of cards as the caller",
        "kms:Decrypt": "S3 and SageMaker decrypt reports and cards as the caller",
        "kms:GenerateDataKey": "S3 and SageMaker encrypt exports and cards as the caller",
    },
)
