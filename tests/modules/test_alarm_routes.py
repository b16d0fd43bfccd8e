"""An alarm reaches those whom it concerns, on one way each."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.core.naming import Naming
from modules.core.topic import Topic
from modules.observability.alarm_bus import AlarmBus
from modules.observability.alarm_chat import AlarmChat
from modules.observability.alarm_delivery import AlarmDelivery
from modules.observability.alarm_events import forwarded, routes
from modules.observability.alarm_forwarding import AlarmForwarding
from modules.observability.alarm_routing import AlarmRouting
from modules.observability.alarm_settings import AlarmSettings, ChatSettings
from modules.observability.severities import RUNBOOKS, TABLE
from tests.support.events import alarm, matches, taken
from tests.support.rendering import NAMING, Rendered, render, statements

HERE = replace(NAMING, environment="prod", account="observability-prod", account_id="999999999999")
TEAMS = {"fraud": ["222222222222"], "lending": ["333333333333"]}
ELSEWHERE = "111111111111"
WAYS = [(route.name, route.pattern) for route in routes(TEAMS, "medium")]
ROOT = Path(__file__).parents[2]


def _routing(scope: Any, settings: AlarmSettings, naming: Naming = HERE) -> AlarmRouting:
    bus = AlarmBus(scope, "bus", naming=naming, settings=settings, organization_id="o-acme123456")
    mailed = {"operators": "ops@acme.example", "security": "sec@acme.example", "fraud": None, "lending": None}
    return AlarmRouting(scope, "routing", naming=naming, settings=settings, bus=bus.name, listeners=mailed, teams=TEAMS)


@pytest.fixture(name="monitored", scope="module")
def _monitored() -> Rendered:
    def place(scope: Any) -> None:
        chat = ChatSettings(workspace="T07EB1XX0AB", channels={"fraud": "C07EZ1ABC23"})
        routing = _routing(scope, AlarmSettings(chat=chat))
        AlarmChat(scope, "chat", naming=HERE, settings=chat, topics=routing.topics, boundary_arn="arn:b")
        AlarmDelivery(
            scope,
            "delivery",
            naming=HERE,
            dead_letters=routing.dead_letters,
            topics=routing.topics,
            reporting={"fraud-dev": NAMING},
        )

    return render(place)


@pytest.mark.parametrize(
    ("name", "account", "ways"),
    [
        ("acme-prod-serving--card-errors", TEAMS["fraud"][0], {"team-fraud-medium"}),
        ("acme-prod-serving--card-errors", ELSEWHERE, {"unowned-medium"}),
        ("acme-prod-serving--card-unwell", TEAMS["lending"][0], {"team-lending-critical", "unowned-critical"}),
        ("acme-prod-x-dead-letters", TEAMS["fraud"][0], {"operators-medium"}),
        ("acme-prod-release-decisions-live-unapproved", ELSEWHERE, {"security-critical"}),
        ("acme-prod-serving--card-latency", ELSEWHERE, set()),
        ("an alarm that somebody made", TEAMS["fraud"][0], {"unknown"}),
    ],
)
def test_an_alarm_takes_the_way_of_its_severity(name: str, account: str, ways: set[str]) -> None:
    """Team, operators or security hear of it, once; what nobody knows reaches the operators."""
    assert taken(WAYS, alarm(name, account=account)) == ways


def test_no_alarm_takes_two_endings() -> None:
    """No ending is the end of another, so that an alarm has one severity."""
    assert not [
        (one.suffix, other.suffix)
        for one in TABLE
        for other in TABLE
        if one != other and one.suffix.endswith(other.suffix)
    ]


def test_every_ending_has_its_runbook() -> None:
    """A section for each, and no section for none."""
    text = (ROOT / RUNBOOKS).read_text(encoding="utf-8")
    assert sorted(line[3:] for line in text.splitlines() if line.startswith("## ")) == sorted(e.ending for e in TABLE)


@pytest.mark.parametrize(
    ("name", "state", "before", "goes"),
    [
        ("x-errors", "ALARM", "OK", True),
        ("x-errors", "OK", "ALARM", True),
        ("x-errors", "OK", "INSUFFICIENT_DATA", False),
        ("x-errors", "INSUFFICIENT_DATA", "OK", False),
        ("x-late", "INSUFFICIENT_DATA", "OK", True),
        ("TargetTracking-endpoint/e-AlarmHigh-1", "ALARM", "OK", False),
    ],
)
def test_what_is_forwarded_is_news(name: str, state: str, before: str, goes: bool) -> None:
    """That it goes off, that it is well again, and silence where that is the fault; not what AWS scales by."""
    assert matches(forwarded(), alarm(name, state=state, before=before)) is goes


def test_abroad_names_say_which_region_it_is() -> None:
    """The rule, and the role and queue of dead letters with it, that forward alarms to the home region."""
    rendered = render(
        lambda scope: AlarmForwarding(
            scope,
            "alarms",
            naming=replace(NAMING, region="eu-central-1"),
            hears=HERE,
            at_home=False,
            key_arn="arn:k",
            boundary_arn="arn:b",
        )
    )
    assert rendered.one("aws_iam_role")["name"] == "acme-dev-alarm-forwarding-eu-central-1"
    bus = "arn:aws:events:eu-west-1:999999999999:event-bus/acme-prod-alarms"
    assert rendered.one("aws_cloudwatch_event_target")["arn"] == bus


def test_the_bus_takes_alarms_of_the_organisation_alone(monitored: Rendered) -> None:
    """From the roles that forward them, and nothing but changes of alarms."""
    (body,) = monitored.policy("aws_cloudwatch_event_bus_policy").values()
    assert body["Condition"]["StringEquals"] == {"aws:PrincipalOrgID": "o-acme123456"}
    assert body["Condition"]["ArnLike"] == {"aws:PrincipalArn": "arn:aws:iam::*:role/acme-*-alarm-forwarding*"}
    assert body["Condition"]["ForAllValues:StringEquals"] == {
        "events:source": "aws.cloudwatch",
        "events:detail-type": "CloudWatch Alarm State Change",
    }


def test_alarms_are_kept(monitored: Rendered) -> None:
    """The archive takes every event of the bus."""
    archive = monitored.one("aws_cloudwatch_event_archive")
    assert archive["retention_days"] == 365
    assert "event_pattern" not in archive


def test_a_message_says_how_bad_it_is_and_what_to_do(monitored: Rendered) -> None:
    """Title, reason and runbook, as valid JSON once EventBridge has put the values in."""
    targets = monitored.all("aws_cloudwatch_event_target").values()
    for target in targets:
        template = target["input_transformer"]["input_template"]
        content = json.loads(template.replace("<reason>", json.dumps('it said "no"')))["content"]
        assert content["title"].split(":")[0] in {"critical", "high", "medium"}
        assert content["description"] == 'it said "no"'
        assert RUNBOOKS in content["nextSteps"][0]
        assert target["dead_letter_config"]


def test_only_rules_and_alarms_of_the_account_tell(monitored: Rendered) -> None:
    """Topics name the rules of this bus; the key is used for this account."""
    for body in monitored.all("aws_sns_topic_policy").values():
        said = statements(body["policy"])
        assert said["OwnRulePublishes"]["Condition"]["ArnLike"]["aws:SourceArn"].endswith("rule/acme-prod-alarms/*")
    key = monitored.policy("aws_kms_key")["ServicesTellTopics"]
    assert key["Condition"] == {"StringEquals": {"aws:SourceAccount": HERE.account_id}}


def test_alarms_that_reach_nobody_are_told_without_a_rule(monitored: Rendered) -> None:
    """The composite alarm tells operators and security by itself."""
    broken = monitored.one("aws_cloudwatch_composite_alarm")
    assert broken["alarm_name"] == "acme-prod-alarms-broken"
    assert len(broken["alarm_actions"]) == 2
    assert broken["alarm_rule"].count("ALARM(") == 3


def test_alarms_that_do_not_leave_their_account_are_seen_from_here(monitored: Rendered) -> None:
    """By the queue in that account, through the sink."""
    alarms = monitored.all("aws_cloudwatch_metric_alarm").values()
    (query,) = next(each["metric_query"] for each in alarms if "metric_query" in each)
    assert query["account_id"] == NAMING.account_id
    assert query["metric"]["dimensions"] == {"QueueName": "acme-dev-alarm-forwarding-dead-letters"}


def test_chat_shows_and_changes_nothing(monitored: Rendered) -> None:
    """The channel's guardrail is AWS's read-only policy, and its role has no other."""
    channel = monitored.one("aws_chatbot_slack_channel_configuration")
    assert channel["guardrail_policy_arns"] == ["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"]
    attached = monitored.one("aws_iam_role_policy_attachment")
    assert attached["policy_arn"] == channel["guardrail_policy_arns"][0]
    assert channel["user_authorization_required"] is True


def test_a_channel_of_nobody_is_refused() -> None:
    """It names who has alarms here."""
    settings = ChatSettings(workspace="T07EB1XX0AB", channels={"frod": "C07EZ1ABC23"})
    topics: dict[str, Topic] = {}
    with pytest.raises(ConfigError, match="frod has no alarms in observability-prod"):
        render(lambda scope: AlarmChat(scope, "c", naming=HERE, settings=settings, topics=topics, boundary_arn="arn:b"))


def test_a_pattern_longer_than_eventbridge_takes_is_refused() -> None:
    """It says which rule."""
    many = {"fraud": [f"{number:012}" for number in range(150)]}
    with pytest.raises(ConfigError, match="the rule acme-prod-alarms-team-fraud-critical names so many accounts"):
        render(
            lambda scope: AlarmRouting(
                scope,
                "routing",
                naming=HERE,
                settings=AlarmSettings(),
                bus="alarms",
                listeners={"operators": None, "security": None, "fraud": None},
                teams=many,
            )
        )
