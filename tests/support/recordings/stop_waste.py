"""The calls of the function that stops what nobody uses, in its own account."""

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
from modules.cost_reporting.functions.stop_waste import handler
from tests.modules.test_waste_stop import ANSWERS, DEV, NIGHT, QUEUE, _rendered
from tests.support.recording import QUEUE as QUEUE_NEEDS
from tests.support.recording import Recording
from tests.support.rendering import Rendered
from tests.support.usage_world import Client

SETTINGS = {
    "BUCKET": "acme-prod-cost-reports",
    "PREFIX": "waste/",
    "REGIONS": "eu-west-1",
    "FROM_HOUR": "6",
    "UNTIL_HOUR": "19",
    "IDLE_HOURS": "2",
    "OWN_QUEUE_URL": QUEUE,
    "SESSION": "waste-stop",
    "EXTERNAL_ID": "acme-cost-reporting",
}
KEYS = {"AccessKeyId": "A" * 16, "SecretAccessKey": "s", "SessionToken": "t", "Expiration": "2026-11-23T11:00:00Z"}


def _whole() -> Rendered:
    found: Rendered = inspect.unwrap(_rendered)()
    return found


def _run() -> None:
    there = {**ANSWERS, "sagemaker:DeleteApp": {}}

    def session(**_: str) -> Any:
        """What the role in the account may do is proven apart."""
        return SimpleNamespace(client=lambda service, **_: Client(service, there))

    time = "2026-11-23T10:10:00Z"
    bodies = [{"time": time, "accounts": [asdict(DEV)]}, {"time": time, "account": asdict(DEV)}]
    with ExitStack() as stack:
        stack.enter_context(patch.dict("os.environ", SETTINGS))
        stack.enter_context(patch.object(handler, "_client", boto3.client))
        stack.enter_context(
            patch.object(handler, "metrics", Metrics(namespace="mlgov/Functions", service="waste-stop"))
        )
        stack.enter_context(patch.object(handler, "_now", lambda: NIGHT))
        stack.enter_context(patch.object(rounds, "boto3", SimpleNamespace(Session=session)))
        tried = {"ApproximateReceiveCount": "1"}
        handler.handle({"Records": [{"body": json.dumps(body), "attributes": tried} for body in bodies]}, None)


RECORDING = Recording(
    _whole,
    "waste-stop",
    _run,
    {
        "sqs:SendMessageBatch": {},
        "sts:AssumeRole": {"Credentials": KEYS},
        "s3:PutObject": {},
        "sns:Publish": {"MessageId": "1"},
    },
    QUEUE_NEEDS,
)
