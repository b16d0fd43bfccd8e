"""Checks an endpoint by the calendar, as one who asks it would.

What Lambda calls for the event of a schedule. A bad answer is counted, not raised: to ask again at once would hide it.
What keeps the check itself from working is raised, and as nothing is counted then, the alarm on silence goes off.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from botocore.config import Config

from modules.ml_operations.functions.check_endpoint.check import Check

# One try: a request that has to be repeated is what this looks for.
ONCE = Config(retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=2, read_timeout=65)
PATIENT = Config(retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=2, read_timeout=20)
# As `check_settings` calls them, which does not go to Lambda: pydantic is no part of its runtime.
FAILED, REQUESTS, MILLIS = "CheckFailed", "CheckRequests", "CheckMilliseconds"
logger, metrics = Logger(use_rfc3339=True), Metrics()


@cache
def _check() -> Check:
    return Check(
        runtime=boto3.client("sagemaker-runtime", config=ONCE),
        objects=boto3.client("s3", config=PATIENT),
        parameters=boto3.client("ssm", config=PATIENT),
        endpoint=os.environ["ENDPOINT"],
        parameter=os.environ["PARAMETER"],
        slowest_ms=float(os.environ["SLOWEST_MS"]),
        tolerance=float(os.environ["TOLERANCE"]),
    )


def handle(event: Mapping[str, Any], context: object) -> None:
    """What Lambda calls; the event says nothing that matters."""
    try:
        found = _check().look()
        metrics.add_metric(name=FAILED, unit=MetricUnit.Count, value=1 if found.wrong else 0)
        metrics.add_metric(name=REQUESTS, unit=MetricUnit.Count, value=found.asked)
        if found.millis is not None:
            metrics.add_metric(name=MILLIS, unit=MetricUnit.Milliseconds, value=found.millis)
        tell = logger.error if found.wrong else logger.info
        tell("checked", version=found.version, wrong=found.wrong, millis=found.millis)
    finally:
        metrics.flush_metrics()
