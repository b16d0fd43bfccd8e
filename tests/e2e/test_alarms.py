"""Every alarm of every stack has a severity, and reaches a person. Asked of all stacks of both organisations."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from environments.load import load
from environments.manifest import StackEntry
from environments.observers import observing_account
from modules.observability.severities import TABLE
from tests.support.events import alarm, matches, taken
from tests.support.organisations import ORGANISATIONS, Synthesised, documents

pytestmark = pytest.mark.e2e  # reads every stack
Json = dict[str, Any]
KINDS = ("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")
BOTH = pytest.mark.parametrize("name", ORGANISATIONS)


@pytest.fixture(name="stacks", scope="module")
def _stacks(synthesised: Synthesised) -> dict[str, Sequence[tuple[StackEntry, Json]]]:
    return {name: tuple(documents(synthesised(name))) for name in ORGANISATIONS}


def _each(document: Json, *kinds: str) -> Iterator[Json]:
    for kind in kinds:
        yield from document.get("resource", {}).get(kind, {}).values()


def _alarms(stacks: Sequence[tuple[StackEntry, Json]]) -> Iterator[tuple[StackEntry, Json, Json]]:
    for entry, document in stacks:
        for body in _each(document, *KINDS):
            yield entry, document, body


@BOTH
def test_every_alarm_has_one_severity(stacks: dict[str, Any], name: str) -> None:
    """Exactly one row of the table is its: whoever adds an alarm says how bad it is."""
    rows = {
        body["alarm_name"]: [r.ending for r in TABLE if body["alarm_name"].endswith(r.suffix)]
        for _, _, body in _alarms(stacks[name])
    }
    assert rows
    assert {alarm: found for alarm, found in rows.items() if len(found) != 1} == {}


def test_every_severity_is_of_some_alarm(stacks: dict[str, Any]) -> None:
    """No row of the table is left over from an alarm that is gone."""
    called = [body["alarm_name"] for each in stacks.values() for _, _, body in _alarms(each)]
    assert [row.ending for row in TABLE if not any(one.endswith(row.suffix) for one in called)] == []


@BOTH
def test_every_alarm_is_forwarded_to_where_it_is_routed(stacks: dict[str, Any], name: str) -> None:
    """A rule in its account and region takes it to the bus of its observability account, where a rule takes it on.

    Unless its severity is below what is told: then no rule does.
    """
    organization = load(ORGANISATIONS[name])
    by_place: dict[tuple[str, str, str], Json] = {
        (e.account, e.region, e.stack): document for e, document in stacks[name]
    }
    low = tuple(row.suffix for row in TABLE if row.severity == "low")
    lost = []
    for entry, _, body in _alarms(stacks[name]):
        observing = observing_account(organization, organization.account(entry.account)).name
        forwards = _rules(
            by_place[entry.account, entry.region, "baseline"], "Tells the observability account of alarms"
        )
        routes = _rules(by_place[observing, organization.home_region, "monitoring"], "Alarms of severity")
        account = organization.account(entry.account).id or _told(entry.account)
        event = alarm(body["alarm_name"], account=account)
        if len(taken(forwards, event)) != 1 or bool(taken(routes, event)) is body["alarm_name"].endswith(low):
            lost.append((entry.id, body["alarm_name"]))
    assert lost == []


@BOTH
def test_every_alarm_reaches_a_mailbox(stacks: dict[str, Any], name: str) -> None:
    """By the topic that it tells itself, or by one of those to which it is routed; the parts of a composite by that."""
    monitoring = {entry.account: document for entry, document in stacks[name] if entry.stack == "monitoring"}
    organization = load(ORGANISATIONS[name])
    silent = []
    for entry, document, body in _alarms(stacks[name]):
        observing = observing_account(organization, organization.account(entry.account)).name
        event = alarm(body["alarm_name"], account=organization.account(entry.account).id or _told(entry.account))
        routed = _mailed(monitoring[observing], _topics(monitoring[observing], event))
        own = [*body.get("alarm_actions", ()), *body.get("insufficient_data_actions", ())]
        scales = any("appautoscaling_policy" in action for action in own)
        if not (routed or _mailed(document, own) or scales):
            silent.append((entry.id, body["alarm_name"]))
    assert silent == []


def _told(account: str) -> str:
    return f"${{data.terraform_remote_state.management-organization.outputs.account_ids.{account}}}"


def _rules(document: Json, described: str) -> list[tuple[str, Json]]:
    rules = _each(document, "aws_cloudwatch_event_rule")
    return [
        (each["name"], json.loads(each["event_pattern"])) for each in rules if each["description"].startswith(described)
    ]


def _topics(document: Json, event: Json) -> list[str]:
    rules = document["resource"]["aws_cloudwatch_event_rule"]
    hit = {
        f"${{aws_cloudwatch_event_rule.{key}.name}}"
        for key, rule in rules.items()
        if matches(json.loads(rule["event_pattern"]), event)
    }
    return [each["arn"] for each in _each(document, "aws_cloudwatch_event_target") if each["rule"] in hit]


def _mailed(document: Json, topics: Sequence[str]) -> bool:
    mails = {each["topic_arn"] for each in _each(document, "aws_sns_topic_subscription") if each["protocol"] == "email"}
    return bool(mails & set(topics))
