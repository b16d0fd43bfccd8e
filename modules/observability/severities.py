"""How bad an alarm is and who hears of it, by the ending of its name. No cdktf here.

Every alarm of every stack ends in exactly one of these endings (tests/e2e/test_alarms.py), so the whole map is rendered
to EventBridge's suffix filters, which cost nothing however many there are; wildcards are limited in their complexity.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Severity = Literal["critical", "high", "medium", "low"]
# Whom an alarm concerns. The owner is the team whose account it stands in; elsewhere it is the operators.
Persona = Literal["operators", "security", "owner"]

SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")  # the worst first
# What an alarm is taken for that is not in the table: nothing is lost, and nobody is woken.
UNKNOWN: Severity = "medium"
# What to do about an alarm: one section for each ending.
RUNBOOKS = "modules/observability/runbooks.md"


@dataclass(frozen=True, slots=True)
class Alarms:
    """Alarms whose names end in `-<ending>`. `silence`: having no data for long is a fault that they tell, too."""

    ending: str
    severity: Severity
    persona: Persona
    silence: bool = False

    @property
    def suffix(self) -> str:
        """How the name of such an alarm ends."""
        return f"-{self.ending}"


TABLE: tuple[Alarms, ...] = (
    Alarms("broken", "critical", "operators"),
    Alarms("live-unapproved", "critical", "security"),
    Alarms("unwell", "critical", "owner"),
    Alarms("check", "high", "owner"),
    Alarms("failing", "high", "operators"),
    Alarms("freshness", "high", "owner"),
    Alarms("late", "high", "owner", silence=True),
    Alarms("silent", "high", "owner"),
    Alarms("undelivered", "high", "operators"),
    Alarms("dead-letters", "medium", "operators"),
    Alarms("drift", "medium", "owner"),
    Alarms("errors", "medium", "owner"),
    Alarms("failed", "medium", "owner"),
    Alarms("failures", "medium", "owner"),
    Alarms("reads", "medium", "owner"),
    Alarms("refusals", "medium", "owner"),
    Alarms("refused", "medium", "owner"),
    Alarms("score", "medium", "owner"),
    Alarms("writes", "medium", "owner"),
    Alarms("latency", "low", "owner"),  # `unwell` tells it where it matters
    Alarms("scanned", "low", "owner"),
    Alarms("waiting", "low", "owner"),  # for an approval, or for a first instance: nothing is broken
)


def endings(persona: Persona, severity: Severity) -> tuple[str, ...]:
    """The suffixes of alarms of the severity that concern `persona`."""
    return tuple(each.suffix for each in TABLE if (each.persona, each.severity) == (persona, severity))


def told(least: Severity) -> Iterator[Severity]:
    """The severities from the worst down to `least`."""
    yield from SEVERITIES[: SEVERITIES.index(least) + 1]
