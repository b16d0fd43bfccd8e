"""Writes what each line of business cost in a month, and tells its owners.

What Lambda calls with the event of a schedule, for the month before it, or by hand with `{"month": "2026-10"}`. A file
that is there is written anew: a bill may change after its month. Owners are told once: what says so lies beside the
file, and is written after they were. What is raised is tried again by Lambda, then the event waits in the dead-letter
queue.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from botocore.config import Config

from modules.cost_reporting.functions.send_showback.report import (
    LINES,
    Line,
    Row,
    as_csv,
    as_text,
    by_line,
    checked,
    month_before,
    question,
)

RETRYING = Config(retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=2, read_timeout=20)
LONGEST_SECONDS = 600  # of the query; less than the function has
logger, metrics = Logger(use_rfc3339=True), Metrics()


class QueryError(Exception):
    """Athena could not answer, or the export has nothing of the month yet."""


@dataclass(frozen=True, slots=True)
class Showback:
    """What reports, with clients of AWS. Reports lie in `bucket` below `prefix`; ARNs of topics begin with `topics`."""

    athena: Any
    s3: Any
    sns: Any
    lines: Mapping[str, Line]
    bucket: str
    prefix: str
    view: str
    database: str
    workgroup: str
    topics: str

    def report(self, month: str) -> None:
        """Write and tell every line of business' month.

        Raises QueryError when Athena fails, or knows no costs of the month.
        """
        rows = [Row.of(values) for values in self._answer(question(self.view, month))]
        if not rows:
            raise QueryError(f"the export has no costs of {month} yet")
        for name, its in by_line(rows, self.lines).items():
            line = self.lines[name]
            key = f"{self.prefix}/{line.folder}/{month}.csv"
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=as_csv(its), ContentType="text/csv; charset=utf-8")
            metrics.add_metric(name="Reports", unit=MetricUnit.Count, value=1)
            if its and not self._told(sign := f"{self.prefix}/{line.folder}/{month}.told"):
                text = as_text(name, month, its, f"s3://{self.bucket}/{key}")
                self.sns.publish(TopicArn=f"{self.topics}{line.topic}", Subject=f"Costs of {month}", Message=text)
                self.s3.put_object(Bucket=self.bucket, Key=sign, Body=b"")
                metrics.add_metric(name="Told", unit=MetricUnit.Count, value=1)
            logger.info("reported", line_of_business=name, month=month, rows=len(its))

    def _told(self, sign: str) -> bool:
        return bool(self.s3.list_objects_v2(Bucket=self.bucket, Prefix=sign, MaxKeys=1)["KeyCount"])

    def _answer(self, sql: str) -> Iterator[list[str]]:
        query = self.athena.start_query_execution(
            QueryString=sql,
            QueryExecutionContext={"Database": self.database},
            WorkGroup=self.workgroup,
        )["QueryExecutionId"]
        self._wait(query)
        pages = self.athena.get_paginator("get_query_results").paginate(QueryExecutionId=query)
        rows = (row["Data"] for page in pages for row in page["ResultSet"]["Rows"])
        next(rows)  # the names of the columns
        for row in rows:
            yield [cell["VarCharValue"] for cell in row]

    def _wait(self, query: str) -> None:
        until = time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < until:
            status = self.athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]
            if status["State"] == "SUCCEEDED":
                return
            if status["State"] in ("FAILED", "CANCELLED"):
                raise QueryError(f"{query} {status['State'].lower()}: {status.get('StateChangeReason', 'no reason')}")
            time.sleep(1)
        raise QueryError(f"{query} has no answer after {LONGEST_SECONDS} seconds")


@cache
def _showback() -> Showback:
    told = json.loads((Path(__file__).parent / LINES).read_text())
    athena, s3, sns = (boto3.client(name, config=RETRYING) for name in ("athena", "s3", "sns"))
    places = {
        name.lower(): os.environ[name] for name in ("BUCKET", "PREFIX", "VIEW", "DATABASE", "WORKGROUP", "TOPICS")
    }
    return Showback(athena, s3, sns, {name: Line(**line) for name, line in told.items()}, **places)


def handle(event: Mapping[str, Any], context: object) -> None:
    """What Lambda calls. Raises ValueError for an event that names no time and no month."""
    try:
        _showback().report(_month(event))
    finally:
        metrics.flush_metrics()


def _month(event: Mapping[str, Any]) -> str:
    if "month" in event:
        return checked(event["month"])
    if "time" not in event:
        raise ValueError('the event has no time: invoke this function with {"month": "2026-10"}')
    return month_before(datetime.fromisoformat(event["time"]).date())
