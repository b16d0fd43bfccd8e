"""The calls of the function that proposes tags for sensitive data that was found."""

from __future__ import annotations

import inspect

import boto3

from modules.data_lake.functions.propose_tags.handler import Propose
from tests.modules.test_lake_sensitive_data import _searched
from tests.modules.test_propose_tags import DECLARED, _cells, _found
from tests.support.recording import Recording, Refusal
from tests.support.rendering import Rendered


def _rendered() -> Rendered:
    found: Rendered = inspect.unwrap(_searched)()[0]
    return found


def _run() -> None:
    topic = "arn:aws:sns:eu-west-1:222222222222:acme-dev-sensitive-data"
    bucket = "acme-dev-customers-proposals"
    propose = Propose(boto3.client("s3"), boto3.client("sns"), DECLARED, "777777777777", bucket, topic)
    propose.finding(_found(_cells("customer_id")))


RECORDING = Recording(
    _rendered,
    "customers-proposals",
    _run,
    {"s3:HeadObject": Refusal("404"), "s3:PutObject": {}, "sns:Publish": {}},
    {
        "s3:ListBucket": "without it, S3 answers 403 instead of 404 for an object that is not there",
        "kms:Decrypt": "S3 and SNS use their keys for the caller",
        "kms:GenerateDataKey": "S3 and SNS use their keys for the caller",
    },
)
