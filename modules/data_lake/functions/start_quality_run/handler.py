"""Starts to judge the quality of a table once its curate job succeeded; of tables without such a job, by schedule.

An event may come twice: the run is started under a token made of what caused it, by which Glue starts it once. What is
raised gives the event to Lambda again, which tries twice more and then keeps it as dead letter.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from modules.data_lake.functions.start_quality_run.due import TABLES, Judged, due

RETRYING = Config(retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=2, read_timeout=10)
WORKERS, TIMEOUT_MINUTES = 2, 60
TOKEN_LIMIT = 255

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)


def start(glue: Any, role: str, event: Mapping[str, Any], tables: tuple[Judged, ...]) -> list[str]:
    """Start a run for each table that is due, as the role `role`; returns the ids of the runs."""
    cause, found = due(event, tables)
    runs = []
    for table in found:
        answer = glue.start_data_quality_ruleset_evaluation_run(
            DataSource={"GlueTable": {"DatabaseName": table.database, "TableName": table.table}},
            Role=role,
            RulesetNames=[table.ruleset],
            NumberOfWorkers=WORKERS,
            Timeout=TIMEOUT_MINUTES,
            AdditionalRunOptions={"CloudWatchMetricsEnabled": True},
            ClientToken=f"{cause}-{table.ruleset}"[:TOKEN_LIMIT],
        )
        logger.info(json.dumps({"ruleset": table.ruleset, "cause": cause, "run": answer["RunId"]}))
        runs.append(answer["RunId"])
    return runs


@cache
def _tables() -> tuple[Judged, ...]:
    return tuple(Judged(**each) for each in json.loads((Path(__file__).parent / TABLES).read_text()))


@cache
def _glue() -> Any:
    return boto3.client("glue", config=RETRYING)


def handle(event: Mapping[str, Any], context: object) -> list[str]:
    """What Lambda calls."""
    return start(_glue(), os.environ["JOB_ROLE_ARN"], event, _tables())
