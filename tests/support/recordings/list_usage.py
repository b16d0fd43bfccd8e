"""The calls of the function that takes the inventory of usage, in its own account."""

from __future__ import annotations

import inspect
import json
from contextlib import ExitStack
from dataclasses import asdict
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import boto3
from aws_lambda_powertools import Metrics

from modules.cost_reporting import rounds
from modules.cost_reporting.functions.list_usage import handler
from tests.modules.test_usage_inventory import ACCOUNTS, QUEUE, _rendered
from tests.support.recording import QUEUE as QUEUE_NEEDS
from tests.support.recording import Recording
from tests.support.rendering import Rendered
from tests.support.usage_world import clients

SETTINGS = {
    "BUCKET": "acme-prod-cost-reports",
    "PREFIX": "usage/",
    "REGIONS": "eu-west-1",
    "REQUIRED_TAGS": "Team,Project",
    "OWN_QUEUE_URL": QUEUE,
    "SESSION": "usage-inventory",
    "EXTERNAL_ID": "acme-cost-reporting",
}
KEYS = {"AccessKeyId": "A" * 16, "SecretAccessKey": "s", "SessionToken": "t", "Expiration": "2026-11-23T11:00:00Z"}


def _whole() -> Rendered:
    found: Rendered = inspect.unwrap(_rendered)()
    return found


def _run() -> None:
    here = clients()

    def session(**_: str) -> Any:
        """What the role in the account may do is proven apart."""
        return SimpleNamespace(client=lambda service, **_: here[service])

    time = "2026-11-23T10:10:00Z"
    bodies = [{"time": time, "accounts": [asdict(ACCOUNTS[0])]}, {"time": time, "account": asdict(ACCOUNTS[0])}]
    with ExitStack() as stack:
        stack.enter_context(patch.dict("os.environ", SETTINGS))
        stack.enter_context(patch.object(handler, "_client", boto3.client))
        stack.enter_context(patch.object(handler, "metrics", Metrics(namespace="mlgov/Functions", service="usage")))
        stack.enter_context(patch.object(rounds, "boto3", SimpleNamespace(Session=session)))
        handler.handle({"Records": [{"body": json.dumps(body)} for body in bodies]}, None)


RECORDING = Recording(
    _whole,
    "usage-inventory",
    _run,
    {"sqs:SendMessageBatch": {}, "sts:AssumeRole": {"Credentials": KEYS}, "s3:PutObject": {}},
    QUEUE_NEEDS,
)
