"""Stops apps of Studio that nobody uses, off hours, in accounts for development; records it and tells the owners.

What Lambda calls for messages of its queue: the schedule's, by which a round begins, and one for each account. In a dry
run the role there may stop nothing, and what would be stopped is recorded. An app that could not be stopped is recorded
and raised, so that the account is tried again.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from botocore.exceptions import ClientError

from modules.cost_reporting.functions.stop_waste.decision import (
    FAILED,
    KEPT,
    STOPPED,
    WOULD_STOP,
    Rules,
    Stop,
    kept_until,
    notice,
)
from modules.cost_reporting.rounds import RETRYING, become, spread
from modules.cost_reporting.studio_apps import StudioApp, studio_apps
from modules.cost_reporting.visited import Visited

ON = "on"  # the mode of an account in which apps are stopped, not only recorded
logger, metrics = Logger(use_rfc3339=True), Metrics()


@cache
def _client(service: str) -> Any:
    return boto3.client(service, config=RETRYING)


def _now() -> datetime:
    return datetime.now(UTC)


def stop(sagemaker: Any, visited: Visited, region: str, now: datetime, rules: Rules) -> Iterator[Stop]:
    """Stop what is idle in the region, or say what would be stopped."""
    for app in list(studio_apps(sagemaker, _owners(sagemaker))):
        if not rules.idle(app, now):
            continue
        outcome, detail = WOULD_STOP, kept_until(_tags(sagemaker, visited, region, app), now)
        if detail is not None:
            outcome = KEPT
        elif visited.mode == ON:
            outcome, detail = _delete(sagemaker, app)
        yield Stop(
            taken_at=_text(now),
            account=visited.account,
            account_id=visited.account_id,
            region=region,
            team=visited.team,
            user_name=app.user,
            arn=app.arn,
            app_type=app.key["AppType"],
            instance_type=app.instance_type,
            last_active=_text(app.last_active) if app.last_active else None,
            outcome=outcome,
            detail=detail,
        )


def _delete(sagemaker: Any, app: StudioApp) -> tuple[str, str | None]:
    try:
        sagemaker.delete_app(**app.key)
    except ClientError as error:  # raised again once all is recorded: `visit`
        return FAILED, str(error)
    return STOPPED, None


def _owners(sagemaker: Any) -> dict[tuple[str, str], str | None]:
    pages = sagemaker.get_paginator("list_spaces").paginate()
    return {
        (each["DomainId"], each["SpaceName"]): each.get("OwnershipSettingsSummary", {}).get("OwnerUserProfileName")
        for page in pages
        for each in page["Spaces"]
    }


def _tags(sagemaker: Any, visited: Visited, region: str, app: StudioApp) -> dict[str, str]:
    """The tags of the app's space, or of its user where it has none: what people can tag before an app runs."""
    kind, key = ("space", "SpaceName") if "SpaceName" in app.key else ("user-profile", "UserProfileName")
    arn = f"arn:{sagemaker.meta.partition}:sagemaker:{region}:{visited.account_id}:{kind}"
    found = sagemaker.list_tags(ResourceArn=f"{arn}/{app.key['DomainId']}/{app.key[key]}")
    return {each["Key"]: each["Value"] for each in found["Tags"]}


def visit(visited: Visited, now: datetime, rules: Rules, attempt: str) -> list[Stop]:
    """Work in every region of the account, record it, and tell the owners.

    Raises ExceptionGroup with the apps that could not be stopped, after all else.
    """
    session = become(
        _client("sts"), visited.role_arn, session=os.environ["SESSION"], external_id=os.environ["EXTERNAL_ID"]
    )
    stops: list[Stop] = []
    for region in os.environ["REGIONS"].split(","):
        sagemaker = session.client("sagemaker", region_name=region, config=RETRYING)
        stops += stop(sagemaker, visited, region, now, rules)
    if stops:
        _record(visited, now, stops, attempt)
    if visited.topic_arn and (text := notice(visited.account, stops)):
        _client("sns").publish(TopicArn=visited.topic_arn, Subject="Idle apps were stopped", Message=text)
    if failed := [RuntimeError(f"{each.arn}: {each.detail}") for each in stops if each.outcome == FAILED]:
        raise ExceptionGroup("apps that could not be stopped", failed)
    return stops


def _record(visited: Visited, now: datetime, stops: Sequence[Stop], attempt: str) -> None:
    """An object for each attempt: what the first one stopped, a second one finds no more."""
    lines = "".join(f"{json.dumps(asdict(each), sort_keys=True)}\n" for each in stops)
    _client("s3").put_object(
        Bucket=os.environ["BUCKET"],
        Key=f"{os.environ['PREFIX']}dt={now:%Y-%m-%d}/account={visited.account_id}-{now:%H%M}-{attempt}.json.gz",
        Body=gzip.compress(lines.encode(), mtime=0),
        ContentType="application/x-ndjson",
    )


def handle(event: Mapping[str, Any], context: object) -> None:
    """What Lambda calls with one message, so that what is raised is of this message."""
    rules = Rules(*(int(os.environ[name]) for name in ("FROM_HOUR", "UNTIL_HOUR", "IDLE_HOURS")))
    try:
        for record in event["Records"]:
            metrics.add_metric(name="Messages", unit=MetricUnit.Count, value=1)
            told = json.loads(record["body"])
            now = _now()  # not the schedule's time: a message that is tried again may find people at work
            if not rules.off_hours(now):
                logger.info("people work: nothing is stopped")
            elif "accounts" in told:
                spread(_client("sqs"), os.environ["OWN_QUEUE_URL"], told["time"], told["accounts"])
            else:
                visited = Visited(**told["account"])
                stops = visit(visited, now, rules, record["attributes"]["ApproximateReceiveCount"])
                stopped = sum(each.outcome == STOPPED for each in stops)
                metrics.add_metric(name="AppsStopped", unit=MetricUnit.Count, value=stopped)
                logger.info("visited", account=visited.account, mode=visited.mode, idle=len(stops), stopped=stopped)
    finally:
        metrics.flush_metrics()


def _text(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
