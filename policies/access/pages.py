"""Answers on access as text for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from policies.access.breaches import DutyState
from policies.access.decide import Outcome
from policies.access.diff import Change, Difference
from policies.access.managed import as_of
from policies.access.who import Answer, Holding


def answered(answer: Answer) -> str:
    """Who can, one block a principal: people, resources, statements, conditions, chains."""
    lines = [
        f"{answer.action} on {answer.resource}: of {answer.asked} principals {answer.count(Outcome.ALLOWED)} can, "
        f"{answer.count(Outcome.CONDITIONAL)} under conditions"
    ]
    for holding in answer.holdings:
        lines += ["", *_block(holding)]
    managed = any("AWS managed policy" in rule for one in answer.holdings for way in one.ways for rule in way.by)
    if managed:
        lines += ["", f"Content of AWS managed policies as of {as_of()}"]
    return "\n".join(lines) + "\n"


def compared(difference: Difference) -> str:
    """What opens, what closes, one block a request; the sums at the end."""
    lines = [line for change in difference.changes for line in _change(change)]
    opened, closed = len(difference.of("opened")), len(difference.of("closed"))
    return "\n".join([*lines, f"{opened} opened, {closed} closed"]) + "\n"


def separated(states: Iterable[DutyState]) -> str:
    """Each duty, whether it holds, who breaks it and on which path, who is exempt and why."""
    lines: list[str] = []
    for state in states:
        lines.append(f"{state.id}  {'BROKEN' if state.breaches else 'holds '}  {state.control:8} {state.says}")
        lines += _listed("by", state.breaches)
        lines += _listed("exempt", [f"{one.whom}: {one.reason}" for one in state.exempt])
    return "\n".join(lines) + "\n"


def _change(change: Change) -> Iterator[str]:
    yield f"{change.direction}  {change.action} on {change.resource}"
    yield from _listed("for", change.principals)
    yield from _listed("by", [change.by])
    yield from _listed("if", change.conditions)
    yield from _told("columns", change.columns)
    yield from _told("rows", [change.rows] if change.rows else [])
    yield ""


def _block(holding: Holding) -> Iterator[str]:
    yield f"{holding.principal}  {holding.outcome}"
    yield from _listed("people", holding.people)
    yield from _listed("on", holding.on)
    if holding.because:
        yield from _listed("because", [holding.because])
    for way in holding.ways:
        yield from _listed("by", way.by)
        yield from _listed("if", way.conditions)
        yield from _told("columns", way.columns)
        yield from _told("without", way.without)
        yield from _told("rows", [way.rows] if way.rows else [])
    yield from _listed("via", holding.via)


def _listed(word: str, values: Iterable[str]) -> Iterator[str]:
    for index, value in enumerate(values):
        yield f"  {word if index == 0 else '':8}{value}"


def _told(word: str, values: Sequence[str]) -> Iterator[str]:
    """All of them in one line, if there are any."""
    return _listed(word, [", ".join(values)] if values else [])
