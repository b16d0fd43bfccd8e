"""Emergency access is told to the security contact whenever somebody takes it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from moto.events.models import EventPattern

from modules.foundations.emergency_alert import EmergencyAlert
from tests.support.rendering import NAMING, Rendered, render


@pytest.fixture(name="alert", scope="module")
def _alert() -> Rendered:
    naming = replace(NAMING, environment="org")
    return render(lambda scope: EmergencyAlert(scope, "emergency", naming=naming, email="security@acme.example"))


def _event(name: str, role: str, kind: str = "AWS API Call via CloudTrail") -> dict[str, object]:
    detail = {"eventSource": "sso.amazonaws.com", "eventName": name}
    details = {"serviceEventDetails": {"role_name": role, "account_id": "333333333333"}}
    return {"source": "aws.sso", "detail-type": kind, "detail": {**detail, **details}}


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (_event("Federate", "mlgov-break-glass", "AWS Service Event via CloudTrail"), True),
        (_event("GetRoleCredentials", "mlgov-break-glass"), True),
        (_event("GetRoleCredentials", "mlgov-ml-engineer"), False),
        (_event("ListAccountRoles", "mlgov-break-glass"), False),
    ],
)
def test_taking_emergency_access_is_told_and_no_other(alert: Rendered, event: dict[str, object], told: bool) -> None:
    """In the console as by the CLI; other permission sets, and looking at what one could take, are not."""
    rule = alert.one("aws_cloudwatch_event_rule")
    assert EventPattern.load(rule["event_pattern"]).matches_event(event) is told


def test_an_event_that_only_reads_is_told_too(alert: Rendered) -> None:
    """EventBridge passes over those unless the rule asks for them, and handing out credentials is one."""
    assert alert.one("aws_cloudwatch_event_rule")["state"] == "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


def test_the_message_says_who_where_and_when_to_the_security_contact(alert: Rendered) -> None:
    """Only this rule publishes to the topic."""
    (transformer,) = [alert.one("aws_cloudwatch_event_target")["input_transformer"]]
    said = json.loads(transformer["input_template"])
    assert all(f"<{word}>" in said for word in transformer["input_paths"])
    assert alert.one("aws_sns_topic_subscription")["endpoint"] == "security@acme.example"
    publishes = alert.policy("aws_sns_topic_policy")["OwnRulePublishes"]["Condition"]
    assert publishes == {
        "ArnEquals": {"aws:SourceArn": "arn:aws:events:eu-west-1:222222222222:rule/acme-org-emergency-access"}
    }
