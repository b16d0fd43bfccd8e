"""The calls of the function that takes the inventory of models."""

from __future__ import annotations

import inspect
from unittest.mock import patch

import boto3

from modules.ml_platform.functions.take_inventory import handler
from tests.modules.test_model_inventory import DECLARED, Registry, Table, _inventory
from tests.support.recording import Recording
from tests.support.rendering import Rendered


def _rendered() -> Rendered:
    found: Rendered = inspect.unwrap(_inventory)()
    return found


def _run() -> None:
    with (
        patch.object(handler, "_client", boto3.client),
        patch.object(handler, "_declared", lambda: DECLARED),
        patch.dict("os.environ", {"BUCKET": "acme-test-model-inventory-rows", "RELEASES": "acme-test-model-releases"}),
    ):
        handler.handle({}, None)


RECORDING = Recording(
    _rendered,
    "model-inventory",
    _run,
    {
        "sagemaker:ListModelPackageGroups": Registry().list_model_package_groups,
        "sagemaker:ListModelPackages": Registry().list_model_packages,
        "sagemaker:ListModelCards": Registry().list_model_cards,
        "dynamodb:Scan": Table().scan,
        "s3:PutObject": {},
        "cloudwatch:PutMetricData": {},
    },
    {
        "kms:GenerateDataKey": "S3 encrypts what is written with the inventory's key",
        **dict.fromkeys(("kms:Decrypt", "kms:DescribeKey"), "DynamoDB uses the key of the table as the caller"),
    },
)
