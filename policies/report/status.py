"""The words the report uses for a state, each with the tone it is shown in.

A state is always a word; colour only repeats it. The words of the gate and of a Terraform run meet
here and nowhere else, so that one stack has one status in the graph, the table and the details.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """How a status is to be taken. Ordered from best to worst: `none` says nothing ran."""

    NONE = "none"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Status:
    """A state in a word or two, as the reader sees it."""

    word: str
    tone: Tone


NOT_RUN = Status("not run", Tone.NONE)

GATE_PASSED = Status("passed", Tone.GOOD)
GATE_FAILED = Status("failed", Tone.BAD)
GATE_STALE = Status("out of date", Tone.WARN)
GATE_MISSING = Status("not scanned", Tone.BAD)
GATE_EXPIRED = Status("expired", Tone.BAD)

DRIFT = Status("drift", Tone.WARN)
NO_DRIFT = Status("no changes", Tone.GOOD)
PENDING = Status("changes planned", Tone.WARN)
SUPERSEDED = Status("older than the apply", Tone.NONE)

_RUN = {
    "applied": Status("applied", Tone.GOOD),
    "unchanged": Status("unchanged", Tone.GOOD),
    "done-before": Status("applied before", Tone.GOOD),
    "destroyed": Status("destroyed", Tone.WARN),
    "failed": Status("failed", Tone.BAD),
    "blocked": Status("blocked", Tone.WARN),
    "interrupted": Status("interrupted", Tone.BAD),
}

_DRIFT = {
    "in-sync": Status("in sync", Tone.GOOD),
    "drifted": DRIFT,
    "ahead": Status("not applied yet", Tone.WARN),
    "failed": Status("not planned", Tone.BAD),
}

_SELF_EXPLANATORY = {
    "in sync",
    "not applied yet",
    "applied",
    "unchanged",
    "applied before",
    "destroyed",
    "blocked",
    "interrupted",
    "drift",
    "no changes",
    "changes planned",
}


def of_apply(word: str) -> Status:
    """The status of a stack in the last apply. A word unknown here is shown as it is, as a warning."""
    return _RUN.get(word, Status(word, Tone.WARN))


def of_plan(word: str, *, applied: bool) -> Status:
    """The status of a stack in the last plan. Changes are drift only where the stack stood applied."""
    if word == "planned":
        return DRIFT if applied else PENDING
    return NO_DRIFT if word == "unchanged" else of_apply(word)


def of_drift(word: str) -> Status:
    """What the last look for drift says of a stack. A word unknown here is shown as it is, as a warning."""
    return _DRIFT.get(word, Status(word, Tone.WARN))


def overall(gate: Status, apply: Status, plan: Status, plan_gate: Status, drift: Status = NOT_RUN) -> Status:
    """The one status of a stack: the worst of the five, with the part it comes from named.

    Of equally bad parts the one nearest to AWS wins: apply, then the gate, the plan, the gate on it, and drift.
    """
    parts = {"apply": apply, "gate": gate, "plan": plan, "plan gate": plan_gate, "drift": drift}
    return worst(named(part, status) for part, status in parts.items())


def worst(statuses: Iterable[Status]) -> Status:
    """The first of the statuses with the worst tone; `not run` when none ran."""
    order = list(Tone)
    ran = (status for status in statuses if status.tone is not Tone.NONE)
    return max(ran, key=lambda status: order.index(status.tone), default=NOT_RUN)


def named(part: str, status: Status) -> Status:
    """The status with the part in front, unless its word can be of that part only."""
    return status if status.word in _SELF_EXPLANATORY else Status(f"{part} {status.word}", status.tone)
