"""Takes the inventory of usage: what each account has in SageMaker, hour by hour, one object for account and hour.

What Lambda calls for messages of its queue: the schedule's, by which a round begins, and one for each account. An
account that cannot be listed in all its regions has no object of that hour, is tried again, and lies at last in the
dead-letter queue, while the others are listed. The same hour again writes over what was written.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from modules.cost_reporting.functions.list_usage.listing import rows
from modules.cost_reporting.functions.list_usage.rows import Hour, Place, Row
from modules.cost_reporting.rounds import RETRYING, become, spread
from modules.cost_reporting.visited import Visited

SERVICES = ("sagemaker", "cloudwatch", "resourcegroupstaggingapi")
LISTED, UNKNOWN_TYPES = "AccountsListed", "UnknownInstanceTypes"
logger, metrics = Logger(use_rfc3339=True), Metrics()


@cache
def _client(service: str) -> Any:
    return boto3.client(service, config=RETRYING)


def take(visited: Visited, hour: Hour) -> list[Row]:
    """The rows of the account in every region."""
    session = become(
        _client("sts"), visited.role_arn, session=os.environ["SESSION"], external_id=os.environ["EXTERNAL_ID"]
    )
    found: list[Row] = []
    for region in os.environ["REGIONS"].split(","):
        clients = {each: session.client(each, region_name=region, config=RETRYING) for each in SERVICES}
        place = Place(
            visited.account,
            visited.account_id,
            visited.environment,
            region,
            visited.team,
            visited.line_of_business,
        )
        found += rows(clients, place, hour, os.environ["REQUIRED_TAGS"].split(","))
    return found


def write(visited: Visited, hour: Hour, found: Iterable[Row]) -> None:
    """Write the object of this account and hour, the same bytes for the same rows."""
    lines = "".join(f"{json.dumps(asdict(each), sort_keys=True)}\n" for each in found)
    key = f"{os.environ['PREFIX']}dt={hour.start:%Y-%m-%d}/hour={hour.start:%H}/account={visited.account_id}.json.gz"
    _client("s3").put_object(
        Bucket=os.environ["BUCKET"],
        Key=key,
        Body=gzip.compress(lines.encode(), mtime=0),
        ContentType="application/x-ndjson",
    )


def handle(event: Mapping[str, Any], context: object) -> None:
    """What Lambda calls with one message, so that what is raised is of this message."""
    try:
        for record in event["Records"]:
            metrics.add_metric(name="Messages", unit=MetricUnit.Count, value=1)
            told = json.loads(record["body"])
            if "accounts" in told:
                spread(_client("sqs"), os.environ["OWN_QUEUE_URL"], told["time"], told["accounts"])
                continue
            visited, hour = Visited(**told["account"]), Hour.before(datetime.fromisoformat(told["time"]))
            found = take(visited, hour)
            write(visited, hour, found)
            if unknown := sorted(
                {each.instance_type for each in found if each.instance_type and each.gpu_hours is None}
            ):
                logger.warning("nobody knows how many GPUs these types have", types=unknown)
            metrics.add_metric(name=UNKNOWN_TYPES, unit=MetricUnit.Count, value=len(unknown))
            metrics.add_metric(name=LISTED, unit=MetricUnit.Count, value=1)
            logger.info("listed", account=visited.account, hour=hour.start.isoformat(), rows=len(found))
    finally:
        metrics.flush_metrics()
