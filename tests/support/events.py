"""What EventBridge would send where, judged by moto's matcher of event patterns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from moto.events.models import EventPattern

Event = dict[str, Any]


def matches(pattern: Mapping[str, Any], event: Event) -> bool:
    """Whether a rule with this pattern takes the event."""
    return bool(EventPattern.load(json.dumps(pattern)).matches_event(event))


def alarm(name: str, *, account: str = "222222222222", state: str = "ALARM", before: str = "OK") -> Event:
    """The event of an alarm that changed its state."""
    return {
        "source": "aws.cloudwatch",
        "detail-type": "CloudWatch Alarm State Change",
        "account": account,
        "region": "eu-west-1",
        "detail": {"alarmName": name, "state": {"value": state}, "previousState": {"value": before}},
    }


def taken(patterns: Iterable[tuple[str, Mapping[str, Any]]], event: Event) -> set[str]:
    """The names of the patterns that take the event."""
    return {name for name, pattern in patterns if matches(pattern, event)}
