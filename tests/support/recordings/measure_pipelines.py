"""The calls of the function that counts what becomes of a domain's pipelines."""

from __future__ import annotations

import inspect
from unittest.mock import patch

import boto3

from modules.data_lake.functions.measure_pipelines import handler
from tests.modules.test_pipelines import _both
from tests.support.recording import Recording
from tests.support.rendering import Rendered


def _rendered() -> Rendered:
    found: Rendered = inspect.unwrap(_both)()[0]
    return found


def _run() -> None:
    with (
        patch.object(handler, "_cloudwatch", lambda: boto3.client("cloudwatch")),
        patch.object(handler, "_tables", lambda: {"curate-payment": "cards.payment"}),
        patch.dict("os.environ", {"DOMAIN": "payments"}),
    ):
        detail = {"jobName": "curate-payment", "state": "SUCCEEDED"}
        handler.handle({"detail-type": "Glue Job State Change", "detail": detail}, None)


RECORDING = Recording(_rendered, "payments-measure", _run, {"cloudwatch:PutMetricData": {}})
