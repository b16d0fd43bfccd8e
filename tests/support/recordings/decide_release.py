"""The calls of the function that starts releases."""

from __future__ import annotations

import inspect
from unittest.mock import patch

import boto3
from aws_lambda_powertools import Metrics

from modules.ml_operations.functions.decide_release import handler
from tests.modules.test_release_decisions import LIVE, MODEL, TABLE, TOPIC, _rendered, deliver
from tests.support.recording import QUEUE, Recording
from tests.support.release_world import GROUP, World
from tests.support.rendering import Rendered

WORLD = World()


def _construct() -> Rendered:
    found: Rendered = inspect.unwrap(_rendered)()
    return found


def _run() -> None:
    """A version is live and rejected, and a newer one approved."""
    WORLD.decide(3, "Rejected")
    WORLD.decide(4, "Approved")
    WORLD.put(LIVE.item())
    names = ("sagemaker", "codepipeline", "dynamodb", "sns")
    found = handler.Decider(
        **{each: boto3.client(each) for each in names}, models={GROUP: MODEL}, table=TABLE, topic=TOPIC
    )
    metrics = Metrics(namespace="mlgov/Functions", service="release-decisions")
    with patch.object(handler, "_decider", lambda: found), patch.object(handler, "metrics", metrics):
        deliver()


_KEY = "DynamoDB uses the key of the table as the caller"
RECORDING = Recording(
    _construct,
    "release-decisions",
    _run,
    WORLD.answers,
    {
        **QUEUE,
        **dict.fromkeys(
            ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncrypt*"), _KEY
        ),
    },
)
