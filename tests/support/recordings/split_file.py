"""The calls of the function that makes messages of files."""

from __future__ import annotations

import inspect
import io

import boto3
from botocore.response import StreamingBody

from modules.feature_store.functions.split_file.handler import Part, Split
from tests.modules.test_feature_files import json_file
from tests.modules.test_feature_ingestion import _stack
from tests.support.recording import QUEUE, Recording
from tests.support.rendering import Rendered

FILE = json_file(12)


def _rendered() -> Rendered:
    found: Rendered = inspect.unwrap(_stack)()[0]
    return found


def _run() -> None:
    """One batch, and the rest of the file to the own queue."""
    own = "https://sqs.eu-west-1.amazonaws.com/222222222222/acme-dev-feature-files"
    split = Split(boto3.client("s3"), boto3.client("sqs"), "acme-dev-{}-ingest", own, lambda _: None)
    split.part(Part("acme-dev-features", "incoming/card-velocity/day.jsonl", "v1"), lambda: 0.0)


RECORDING = Recording(
    _rendered,
    "feature-files",
    _run,
    {
        "s3:HeadObject": {"ContentLength": len(FILE)},
        "s3:GetObject": lambda **_: {"Body": StreamingBody(io.BytesIO(FILE), len(FILE))},
        "sqs:GetQueueUrl": {
            "QueueUrl": "https://sqs.eu-west-1.amazonaws.com/222222222222/acme-dev-card-velocity-ingest"
        },
        "sqs:SendMessageBatch": {},
        "sqs:SendMessage": {},
    },
    {**QUEUE, "kms:Decrypt": "S3 decrypts files for the caller"},
)
