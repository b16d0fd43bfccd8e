"""What EventBridge says of an alarm, and by which patterns it is forwarded and routed. No cdktf here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from modules.observability.severities import TABLE, UNKNOWN, Persona, Severity, endings, told

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
SOURCE, STATE_CHANGE = "aws.cloudwatch", "CloudWatch Alarm State Change"
OPERATORS, SECURITY = "operators", "security"
# The most characters of a pattern: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
PATTERN_LIMIT = 2048
# Alarms that AWS makes to scale by: they go off all day, as they should.
_SCALING = "TargetTracking-"

Pattern = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Route:
    """Alarms of one severity on their way to the topic of `listener`: operators, security, or a team."""

    name: str
    listener: str
    severity: Severity
    pattern: Pattern


def forwarded() -> Pattern:
    """Alarms that go off, or are well again; of those that silence sets off, also that they know nothing any more."""
    ours = [{"anything-but": {"prefix": _SCALING}}]
    silent = [{"suffix": each.suffix} for each in TABLE if each.silence]
    return {
        "source": [SOURCE],
        "detail-type": [STATE_CHANGE],
        "$or": [
            {"detail": {"alarmName": ours, "state": {"value": ["ALARM"]}}},
            {"detail": {"alarmName": ours, "state": {"value": ["OK"]}, "previousState": {"value": ["ALARM"]}}},
            {"detail": {"alarmName": silent, "state": {"value": ["INSUFFICIENT_DATA"]}}},
        ],
    }


def routes(teams: Mapping[str, Sequence[str]], least: Severity) -> Iterator[Route]:
    """The ways of alarms that are at least as bad as `least`. `teams`: name -> the ids of its accounts.

    Guarantees (tests/modules/test_alarm_routes.py):
    - an alarm of the table reaches those whom it concerns, on one way each;
    - a critical one of a team reaches the operators, too;
    - one that the table does not know reaches the operators.
    """
    owned = sorted({account for accounts in teams.values() for account in accounts})
    elsewhere = [{"anything-but": owned}] if owned else None
    for severity in told(least):
        yield from _route(f"{OPERATORS}-{severity}", OPERATORS, severity, "operators")
        yield from _route(f"{SECURITY}-{severity}", SECURITY, severity, "security")
        # Somebody must be awake for what is critical, whoever owns it.
        anywhere = None if severity == "critical" else elsewhere
        yield from _route(f"unowned-{severity}", OPERATORS, severity, "owner", anywhere)
        for team, accounts in sorted(teams.items()):
            yield from _route(f"team-{team}-{severity}", team, severity, "owner", sorted(accounts))
    known = [each.suffix for each in TABLE]
    yield Route("unknown", OPERATORS, UNKNOWN, _pattern([{"anything-but": {"suffix": known}}], None))


def _route(
    name: str, listener: str, severity: Severity, persona: Persona, accounts: Sequence[object] | None = None
) -> Iterator[Route]:
    if found := endings(persona, severity):
        yield Route(name, listener, severity, _pattern([{"suffix": each} for each in found], accounts))


def _pattern(names: Sequence[object], accounts: Sequence[object] | None) -> Pattern:
    """The bus takes nothing but changes of alarms: source and kind need not be asked again."""
    where = {} if accounts is None else {"account": list(accounts)}
    return {**where, "detail": {"alarmName": list(names)}}
