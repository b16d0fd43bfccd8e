"""What the platform sees of a team's account, as it was applied: an alarm that goes off there, and what is in use."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.world import World
from tests.support.flow import Flow
from tests.support.function_process import archives

pytestmark = pytest.mark.e2e

INVENTORY = "minnow-org-usage-inventory"
REPORTS = "minnow-org-cost-reports"
TIME, HOUR = "2027-01-15T08:10:00Z", "usage/dt=2027-01-15/hour=07/account="
Heard = Callable[[], dict[str, list[Any]]]


@pytest.fixture(name="heard")
def _heard(world: World) -> Iterator[Heard]:
    """Listens to every topic of alarms; gives the messages since it was asked last, by the topic's listener."""
    sns, sqs, queues = world.client("platform", "sns"), world.client("platform", "sqs"), {}
    prefix, subscriptions = "minnow-org-alarms-", []
    for topic in (each["TopicArn"] for each in sns.list_topics()["Topics"]):
        name = topic.rpartition(":")[2]
        if name.startswith(prefix):
            url = queues[name.removeprefix(prefix)] = sqs.create_queue(QueueName=f"story-{name}")["QueueUrl"]
            arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            raw = {"RawMessageDelivery": "true"}
            asked = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": arn, "Attributes": raw}
            subscriptions.append(sns.subscribe(**asked)["SubscriptionArn"])

    def heard() -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for listener, url in queues.items():
            taken = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0).get("Messages", [])
            for message in taken:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                found.setdefault(listener, []).append(json.loads(message["Body"]))
        return found

    yield heard
    for subscription in subscriptions:
        sns.unsubscribe(SubscriptionArn=subscription)
    for url in queues.values():
        sqs.delete_queue(QueueUrl=url)


@pytest.mark.parametrize(
    ("ending", "listener", "severity"),
    [
        ("-late", "scoring", "high"),
        ("-dead-letters", "operators", "medium"),
        ("-latency", None, "low"),
    ],
)
def test_an_alarm_is_told_to_whom_it_concerns(
    world: World, heard: Heard, ending: str, listener: str | None, severity: str
) -> None:
    """It leaves the team's account, is routed by its severity, and told once as it goes off and once as it is well.

    One of low severity is told to nobody; the bus's archive keeps that, too.
    """
    cloudwatch, archive = world.client("workload", "cloudwatch"), {"ArchiveName": "minnow-org-alarms"}
    events = world.client("platform", "events")
    before = events.describe_archive(**archive)["EventCount"]
    alarms = (each["AlarmName"] for each in cloudwatch.describe_alarms()["MetricAlarms"])
    alarm = next(each for each in sorted(alarms) if each.endswith(ending))
    for state in ("ALARM", "ALARM", "OK"):
        cloudwatch.set_alarm_state(AlarmName=alarm, StateValue=state, StateReason='it was "seen"')
    told = heard()
    assert events.describe_archive(**archive)["EventCount"] - before == 2
    assert set(told) == ({listener} if listener else set())
    contents = [message["content"] for message in told.get(listener or "", ())]
    assert {content["title"] for content in contents} == (
        {f"{severity}: {alarm} is {state}" for state in ("ALARM", "OK")} if listener else set()
    )
    assert all(content["description"] == 'it was "seen"' for content in contents)
    assert all(world.id("workload") in content["keywords"] for content in contents)


def test_the_inventory_lists_every_account_once_an_hour(world: World) -> None:
    """The schedule's message makes an object for each account; the team's tells of its Studio's users."""
    platform = world.id("platform")
    begins = world.client("platform", "scheduler").get_schedule(Name=INVENTORY)["Target"]["Input"]
    with Flow(world.environment, archives(world.out), [platform]) as flow:
        flow.settle()  # what other tests left
        flow.put(platform, INVENTORY, [begins.replace("<aws.scheduler.scheduled-time>", TIME)])
        runs = flow.settle()
    assert [f"{run.error}\n{run.log}" for run in runs if run.error is not None] == []
    s3 = world.client("platform", "s3")
    listed = [each["Key"] for each in s3.list_objects_v2(Bucket=REPORTS, Prefix="usage/")["Contents"]]
    accounts = {name: f"{HOUR}{world.id(name)}.json.gz" for name in ("master", "platform", "workload")}
    assert sorted(listed) == sorted(accounts.values())
    body = s3.get_object(Bucket=REPORTS, Key=accounts["workload"])["Body"].read()
    rows = [json.loads(line) for line in gzip.decompress(body).splitlines()]
    profiles = world.client("workload", "sagemaker").list_user_profiles()["UserProfiles"]
    assert {row["name"] for row in rows if row["kind"] == "user"} == {one["UserProfileName"] for one in profiles}
    assert {row["team"] for row in rows} == {"scoring"}
