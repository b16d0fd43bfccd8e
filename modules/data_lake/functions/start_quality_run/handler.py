"""Starts to judge the quality of a table once its curate job succeeded; of tables without such a job, by schedule.

An event may come twice: the run is started under a token made of what caused it, by which Glue starts it once. What is
raised gives the event to Lambda again, which tries twice more and then keeps it as dead letter.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

RETRYING = Config(retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=2, read_timeout=10)
TABLES = "tables.json"  # generated beside this file
WORKERS, TIMEOUT_MINUTES = 2, 60
TOKEN_LIMIT = 255

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)


class UnknownCauseError(Exception):
    """The event is none of those that this function is there for."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A table with rules: the ruleset, where the table is found, and the job that fills it (None: no job does)."""

    ruleset: str
    database: str
    table: str
    job: str | None


def due(event: Mapping[str, Any], tables: tuple[Judged, ...]) -> tuple[str, tuple[Judged, ...]]:
    """What caused the runs, and the tables that are to be judged. Raises UnknownCauseError for any other event."""
    kind, detail = event.get("detail-type"), event.get("detail", {})
    if kind == "Scheduled Event":
        return str(event["id"]), tuple(table for table in tables if table.job is None)
    if kind == "Glue Job State Change" and detail.get("state") == "SUCCEEDED":
        # None where the job fills a table without rules.
        found = tuple(table for table in tables if table.job and table.job == detail.get("jobName"))
        return str(detail["jobRunId"]), found
    raise UnknownCauseError(f"no table is judged after {kind} of {detail.get('jobName')} ({detail.get('state')})")


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
