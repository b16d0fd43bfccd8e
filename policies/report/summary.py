"""Condenses the report's data to what a reader must see first: counts, groups, and what needs attention."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from policies.report import status
from policies.report.findings import Finding, Waiver
from policies.report.model import ReportData, Stack, Unit
from policies.report.status import Status, Tone
from policies.waiver import DUE

WAIVER_WARNING_DAYS = DUE.days


@dataclass(frozen=True, slots=True)
class Attention:
    """Something to act on: a state, a clause about it, and the stacks it is true of with what is their own."""

    status: Status
    text: str
    stacks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WaiverUse:
    """One waiver of one policy with every finding it covers."""

    policy: str
    waiver: Waiver
    findings: tuple[Finding, ...]

    @property
    def count(self) -> int:
        """How many findings it excepts."""
        return len(self.findings)


def attention(data: ReportData) -> tuple[Attention, ...]:
    """What to act on, worst first: failures of apply and gate, then drift and waivers that end soon."""
    stacks: dict[tuple[Status, str], list[tuple[str, str]]] = defaultdict(list)
    for stack in data.stacks:
        for state, text, own in _of_stack(stack):
            stacks[state, text].append((stack.id, own))
    for use in waivers(data.findings):
        if use.waiver.days_left <= WAIVER_WARNING_DAYS:
            tone = Tone.BAD if use.waiver.days_left < 0 else Tone.WARN
            text = f"{use.policy} is waived until {use.waiver.expires} ({use.waiver.owner})"
            stacks[Status("waiver", tone), text] += [(name, "") for name in grouped(use.findings, "stack")]
    items = [Attention(state, text, tuple(places)) for (state, text), places in stacks.items()]
    return tuple(sorted(items, key=lambda item: item.status.tone is not Tone.BAD))


def _of_stack(stack: Stack) -> Iterable[tuple[Status, str, str]]:
    """What is wrong in a stack: the state, what it shares with other stacks, and what is its own."""
    parts = [
        ("apply", stack.apply.status, stack.apply.error, ""),
        ("gate", stack.gate.status, "", f"{stack.gate.failed} failed" if stack.gate.failed else ""),
    ]
    if stack.apply.status.tone in (Tone.GOOD, Tone.NONE):  # after a failed apply the plan only repeats it
        parts.append(("plan", stack.plan.status, stack.plan.error, stack.plan.changes))
        broken = f"{stack.plan_gate.failed} failed" if stack.plan_gate.failed else ""
        parts.append(("plan gate", stack.plan_gate.status, "", broken))
    for part, state, text, own in parts:
        if state.tone in (Tone.WARN, Tone.BAD):
            yield status.named(part, state), text, own


def waivers(findings: Iterable[Finding]) -> tuple[WaiverUse, ...]:
    """The waivers in use, the one that ends first in front."""
    uses: dict[tuple[str, Waiver], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.waiver:
            uses[finding.policy, finding.waiver].append(finding)
    ordered = sorted(uses.items(), key=lambda use: (use[0][1].expires, use[0][0], use[0][1].owner, use[0][1].reason))
    return tuple(WaiverUse(policy, waiver, tuple(found)) for (policy, waiver), found in ordered)


def grouped(findings: Iterable[Finding], attribute: str) -> dict[str, list[Finding]]:
    """The findings by one of their attributes, groups in the order of their first finding."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(attrgetter(attribute)(finding), []).append(finding)
    return groups


def tally(stacks: Sequence[Stack], verb: str) -> tuple[tuple[Status, int], ...]:
    """How many stacks have which status in the last `apply` or `plan`, the commonest first."""
    return tuple(Counter(getattr(stack, verb).status for stack in stacks).most_common())


def accounts(unit: Unit) -> int:
    """How many accounts lie in the unit and below it."""
    return len(unit.accounts) + sum(accounts(child) for child in unit.units)
