"""Takes an inventory of the model registry: its groups, their versions and approvals, model cards, and what is live.

By schedule, and when a version is registered or approved. A day has one inventory, its latest: a run writes over what
an earlier run of the day wrote, so that it can be repeated. What is raised gives the event to Lambda again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from modules.ml_platform.functions.take_inventory.snapshot import (
    GROUPS,
    NAMESPACE,
    Declared,
    Group,
    Live,
    Version,
    group,
    metrics,
    rows,
    versions,
)

RETRYING = Config(retries={"mode": "standard", "total_max_attempts": 6}, connect_timeout=2, read_timeout=20)
_AT_ONCE = 500  # metrics in one call of CloudWatch, which takes 1000


@cache
def _declared() -> dict[str, Declared]:
    found: dict[str, Declared] = json.loads((Path(__file__).parent / GROUPS).read_text())
    return found


@cache
def _client(service: str) -> Any:
    return boto3.client(service, config=RETRYING)


def handle(event: object, context: object) -> None:
    """What Lambda calls; the event only says that it is time."""
    now = datetime.now(UTC)
    table = os.environ.get("RELEASES")
    live = released(_client("dynamodb"), table) if table else {}
    groups, found = take(_client("sagemaker"), _declared(), now, live)
    for name, each in (("groups", rows(groups)), ("versions", rows(found))):
        _client("s3").put_object(
            Bucket=os.environ["BUCKET"],
            Key=f"{name}/day={now:%Y-%m-%d}/{name}.jsonl",
            Body=_lines(each),
            ContentType="application/x-ndjson",
        )
    teams = [owner["team"] for owner in _declared().values()]
    # Last: that an inventory was taken is told only of one that is written.
    told = list(metrics(groups, teams))
    for start in range(0, len(told), _AT_ONCE):
        _client("cloudwatch").put_metric_data(Namespace=NAMESPACE, MetricData=told[start : start + _AT_ONCE])


def released(dynamodb: Any, table: str) -> dict[str, list[str]]:
    """ARN of each version that is live -> the accounts in which it is. The table has other items, too."""
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table,
        ConsistentRead=True,
        FilterExpression="attribute_exists(model_package_arn)",
        ProjectionExpression="account, model_package_arn",
    )
    found: dict[str, list[str]] = {}
    for page in pages:
        for item in page["Items"]:
            found.setdefault(item["model_package_arn"]["S"], []).append(item["account"]["S"])
    return {arn: sorted(accounts) for arn, accounts in found.items()}


def take(
    sagemaker: Any, declared: Mapping[str, Declared], now: datetime, live: Live
) -> tuple[list[Group], list[Version]]:
    """Every group of the registry of this account, and every version, in the order of their names and numbers."""
    cards = {
        each["ModelCardName"]: each["ModelCardStatus"]
        for each in _pages(sagemaker.list_model_cards, "ModelCardSummaries")
    }
    groups: list[Group] = []
    everything: list[Version] = []
    listed = _pages(sagemaker.list_model_package_groups, "ModelPackageGroupSummaryList")
    for summary in sorted(listed, key=lambda each: str(each["ModelPackageGroupName"])):
        packages = _pages(
            sagemaker.list_model_packages,
            "ModelPackageSummaryList",
            ModelPackageGroupName=summary["ModelPackageGroupName"],
        )
        owner = declared.get(summary["ModelPackageGroupName"])
        places = owner["places"] if owner else []
        found = sorted(versions(packages, now, live, places), key=lambda each: each.version)
        groups.append(group(summary, found, declared, cards))
        everything += found
    return groups, everything


def _pages(call: Any, key: str, **request: str) -> Iterator[dict[str, Any]]:
    token: dict[str, str] = {}
    while True:
        answer = call(**request, **token)
        yield from answer[key]
        if not answer.get("NextToken"):
            return
        token = {"NextToken": answer["NextToken"]}


def _lines(found: Iterable[Mapping[str, Any]]) -> bytes:
    return "".join(f"{json.dumps(each, sort_keys=True)}\n" for each in found).encode()
