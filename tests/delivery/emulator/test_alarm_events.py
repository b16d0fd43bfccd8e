"""An alarm that changes its state is an event, which rules take to buses of other accounts and to topics."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.delivery.emulator.conftest import REGION, Client

OBSERVER, OWNER = "333333333388", "777777777788"
BUS = f"arn:aws:events:{REGION}:{OBSERVER}:event-bus/alarms"
TEMPLATE = '{"title": "<alarm> is <state>", "reason": <reason>, "state": <whole>}'
PATHS = {
    "alarm": "$.detail.alarmName",
    "reason": "$.detail.state.reason",
    "state": "$.detail.state.value",
    "whole": "$.detail.state",
}
REASON = 'the "queue" is full'


@pytest.fixture(name="heard", scope="module")
def _heard(client: Client) -> str:
    """A queue that is subscribed to the topic that is told of alarms; what could not be told lies in `letters`."""
    client("events", OBSERVER).create_event_bus(Name="alarms")
    topic = client("sns", OBSERVER).create_topic(Name="alarms")["TopicArn"]
    queue = _queue(client, "heard")
    client("sns", OBSERVER).subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "true"}
    )
    told = {"InputTransformer": {"InputPathsMap": PATHS, "InputTemplate": TEMPLATE}}
    letters = {"DeadLetterConfig": {"Arn": _queue(client, "letters")}}
    gone = {"Arn": topic.replace(":alarms", ":gone"), **told, **letters}
    _rule(client, OBSERVER, "alarms", _of("ALARM"), {"Arn": topic, **told})
    _rule(client, OBSERVER, "alarms", _of("INSUFFICIENT_DATA"), gone)
    _rule(client, OWNER, "default", {"source": ["aws.cloudwatch"]}, {"Arn": BUS})
    for account in (OBSERVER, OWNER):
        client("cloudwatch", account).put_metric_alarm(
            AlarmName="full",
            Namespace="AWS/SQS",
            MetricName="ApproximateNumberOfMessagesVisible",
            Statistic="Maximum",
            ComparisonOperator="GreaterThanThreshold",
            Threshold=0,
            Period=300,
            EvaluationPeriods=1,
        )
    return "heard"


def _of(state: str) -> Any:
    return {"detail": {"state": {"value": [state]}}}


def _queue(client: Client, name: str) -> str:
    sqs = client("sqs", OBSERVER)
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    return str(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"])


def _rule(client: Client, account: str, bus: str, pattern: Any, target: dict[str, Any]) -> None:
    events, name = client("events", account), f"to-{target['Arn'].rpartition(':')[2].replace('/', '-')}"
    events.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "target", **target}])


def _taken(client: Client, queue: str) -> list[Any]:
    sqs = client("sqs", OBSERVER)
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0).get("Messages", [])
    for message in found:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in found]


def _set(client: Client, state: str) -> None:
    client("cloudwatch", OWNER).set_alarm_state(AlarmName="full", StateValue=state, StateReason=REASON)


def test_an_alarm_is_told_to_a_topic_of_another_account_once(client: Client, heard: str) -> None:
    """The message is as the template says, with its quotes; the same state again is no change, OK no one's matter."""
    for state in ("ALARM", "ALARM", "OK"):
        _set(client, state)
    (message,) = _taken(client, heard)
    assert (message["title"], message["reason"]) == ("full is ALARM", REASON)
    assert message["state"]["value"] == "ALARM"


def test_what_no_topic_takes_lies_in_the_queue_of_dead_letters(client: Client, heard: str) -> None:
    """The event itself waits there, with the account that it came from."""
    _set(client, "OK")
    _set(client, "INSUFFICIENT_DATA")
    assert _taken(client, heard) == []
    (event,) = _taken(client, "letters")
    assert (event["account"], event["detail"]["alarmName"]) == (OWNER, "full")
    assert event["detail"]["previousState"]["value"] == "OK"
