"""Counts what becomes of a domain's jobs, crawler and quality runs, so that alarms can tell its owner.

Glue tells EventBridge how a run ended, and CloudWatch nothing that an alarm on a single table could go by. An event
that comes twice is counted twice; no alarm minds. What is raised gives the event to Lambda again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from modules.data_lake.functions.measure_pipelines.metrics import NAMESPACE, TABLES, measure

RETRYING = Config(retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=2, read_timeout=10)


@cache
def _tables() -> dict[str, str]:
    found: dict[str, str] = json.loads((Path(__file__).parent / TABLES).read_text())
    return found


@cache
def _cloudwatch() -> Any:
    return boto3.client("cloudwatch", config=RETRYING)


def handle(event: Mapping[str, Any], context: object) -> None:
    """What Lambda calls."""
    metrics = measure(event, os.environ["DOMAIN"], _tables())
    if metrics:
        _cloudwatch().put_metric_data(Namespace=NAMESPACE, MetricData=metrics)
