"""The calls of the function that brings feature groups to their schemas."""

from __future__ import annotations

import contextlib
import inspect
import io
import json

import boto3
from botocore.response import StreamingBody

from modules.feature_store.functions.evolve_group.handler import Evolve, NotYetError
from tests.modules.test_feature_ingestion import _stack
from tests.modules.test_feature_schemas import KEY, World, wanted
from tests.support.recording import QUEUE, Recording
from tests.support.rendering import Rendered

WORLD = World(wanted())
SCHEMA = json.dumps(WORLD.wanted).encode()


def _rendered() -> Rendered:
    found: Rendered = inspect.unwrap(_stack)()[0]
    return found


def _run() -> None:
    """Features are added, then described; and an event about all schemas becomes one for each."""
    own = "https://sqs.eu-west-1.amazonaws.com/222222222222/acme-dev-feature-schemas"
    evolve = Evolve(boto3.client("s3"), boto3.client("sagemaker"), boto3.client("sqs"), own)
    with contextlib.suppress(NotYetError):
        evolve.schema("acme-dev-features", KEY)
    WORLD.finish()
    evolve.schema("acme-dev-features", KEY)
    evolve.message(json.dumps({"detail": {"bucket": {"name": "acme-dev-features"}, "object": {"key": "schemas/"}}}))


RECORDING = Recording(
    _rendered,
    "feature-schemas",
    _run,
    {
        "s3:GetObject": lambda **_: {"Body": StreamingBody(io.BytesIO(SCHEMA), len(SCHEMA))},
        "s3:ListObjectsV2": {"Contents": [{"Key": KEY}]},
        "sagemaker:DescribeFeatureGroup": WORLD.describe_feature_group,
        "sagemaker:UpdateFeatureGroup": WORLD.update_feature_group,
        "sagemaker:DescribeFeatureMetadata": WORLD.describe_feature_metadata,
        "sagemaker:UpdateFeatureMetadata": WORLD.update_feature_metadata,
        "sqs:SendMessage": {},
    },
    {**QUEUE, "kms:Decrypt": "S3 decrypts schemas for the caller"},
)
