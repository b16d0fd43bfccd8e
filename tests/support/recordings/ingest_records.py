"""The calls of the function that writes records into feature groups."""

from __future__ import annotations

import inspect
import json

import boto3

from modules.feature_store.functions.ingest_records.claims import Claims
from modules.feature_store.functions.ingest_records.handler import Ingest
from tests.modules.test_feature_ingestion import _stack
from tests.modules.test_feature_records import GOOD, group
from tests.support.features import NOW
from tests.support.recording import QUEUE, Recording
from tests.support.rendering import Rendered


def _rendered() -> Rendered:
    found: Rendered = inspect.unwrap(_stack)()[0]
    return found


def _run() -> None:
    """One record that is good, and one that is refused."""
    claims = Claims(boto3.client("dynamodb"), "acme-dev-feature-claims", 120, 86_400)
    dead = "https://sqs.eu-west-1.amazonaws.com/222222222222/acme-dev-card-velocity-refused"
    clients = boto3.client("sagemaker-featurestore-runtime"), boto3.client("sqs")
    ingest = Ingest(group(), *clients, dead, claims, lambda: NOW, str)
    bodies = [json.dumps(each) for each in (GOOD, {**GOOD, "card_id": None})]
    ingest.batch({"Records": [{"messageId": body, "body": body} for body in bodies]}, lambda: 100.0)


RECORDING = Recording(
    _rendered,
    "card-velocity-ingest",
    _run,
    {
        "dynamodb:PutItem": {},
        "dynamodb:UpdateItem": {},
        "sagemaker-featurestore-runtime:PutRecord": {},
        "sqs:SendMessage": {},
    },
    {**QUEUE, "kms:Decrypt": "the online store uses its key for the caller"},
)
