"""Topics: what may publish to them, and who is told."""

from __future__ import annotations

import pytest

from modules.core.topic import ALARMS, EVENTS, Topic
from tests.support.rendering import NAMING, Rendered, render

KEY_ARN = "arn:aws:kms:eu-west-1:222222222222:key/1"
TOPIC_ARN = "arn:aws:sns:eu-west-1:222222222222:acme-dev-owners"
RULE, EVERY_ALARM = NAMING.arn("events", "rule/acme-dev-found"), NAMING.arn("cloudwatch", "alarm:acme-dev-*")


@pytest.fixture(name="topic", scope="module")
def _topic() -> Rendered:
    return render(
        lambda stack: Topic(
            stack,
            "topic",
            naming=NAMING,
            what="owners",
            key_arn=KEY_ARN,
            publishers={EVENTS: [RULE], ALARMS: [EVERY_ALARM]},
            email="owner@acme.example",
        )
    )


def test_messages_are_encrypted_and_taken_over_tls_alone(topic: Rendered) -> None:
    """The topic has the key that it was given, and refuses what comes without TLS."""
    assert topic.one("aws_sns_topic") == {"kms_master_key_id": KEY_ARN, "name": "acme-dev-owners"}
    denied = topic.policy("aws_sns_topic_policy")["DenyInsecureTransport"]
    assert (denied["Effect"], denied["Principal"], denied["Resource"]) == ("Deny", "*", TOPIC_ARN)
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_only_named_rules_and_alarms_publish(topic: Rendered) -> None:
    """Each service publishes for the sources that are named, one by its ARN, several by their pattern."""
    policy = topic.policy("aws_sns_topic_policy")
    allowed = {sid: each for sid, each in policy.items() if each["Effect"] == "Allow"}
    assert {sid: (each["Principal"], each["Condition"]) for sid, each in allowed.items()} == {
        "OwnAlarmPublishes": ({"Service": ALARMS}, {"ArnLike": {"aws:SourceArn": EVERY_ALARM}}),
        "OwnRulePublishes": ({"Service": EVENTS}, {"ArnEquals": {"aws:SourceArn": RULE}}),
    }
    assert {(each["Action"], each["Resource"]) for each in allowed.values()} == {("sns:Publish", TOPIC_ARN)}


def test_the_owner_is_told_by_mail(topic: Rendered) -> None:
    """The topic's one subscription is that of the address."""
    subscription = topic.one("aws_sns_topic_subscription")
    assert (subscription["protocol"], subscription["endpoint"]) == ("email", "owner@acme.example")
