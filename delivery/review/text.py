"""A review for a terminal: a line for each stack, then what changes, the worst first."""

from __future__ import annotations

from collections.abc import Iterator

from delivery.review.judge import OPTION, acceptance
from delivery.review.limits import limits
from delivery.review.model import Judged, Review, ReviewedChange, StackReview


def render(review: Review) -> str:
    """The lines, with a final newline."""
    stopped = [stack.id for stack in review.stacks if not stack.passed]
    last = f"stopped: {', '.join(stopped)}" if stopped else "may be applied"
    return "\n".join([*(line for stack in review.stacks for line in _stack(stack)), last]) + "\n"


def _stack(stack: StackReview) -> Iterator[str]:
    counts = stack.counts
    if stack.status == "reviewed":
        done = f"{counts.add} add, {counts.change} change, {counts.destroy} destroy, {counts.replace} replace"
    else:
        done = "unchanged" if stack.status == "unchanged" else "no plan of its present bytes: run `mlgov plan`"
    readers = f"; read by {', '.join(stack.downstream)}" if stack.downstream and stack.changes else ""
    yield f"{stack.id} ({stack.tier}): {done}{readers}"
    for change in stack.changes:
        yield from _change(stack.id, change)
    if stack.policies:
        yield from (f"  policy not met: {text}" for text in stack.policies.not_met)
        yield from (f"  policies could not judge: {text}" for text in stack.policies.faults)


def _change(stack: str, change: ReviewedChange) -> Iterator[str]:
    for judged in change.classes:
        why = "; ".join(reason.text for reason in judged.reasons)
        yield f"  {judged.kind} {change.address}: {why}"
        if todo := _to_do(stack, change, judged):
            yield f"    {todo}"


def _to_do(stack: str, change: ReviewedChange, judged: Judged) -> str:
    """What keeps the change from passing, and what to do; empty where nothing does."""
    to_do = limits().of(judged.kind).to_do
    if judged.decision == "never":
        return f"never passes in this tier: {to_do}"
    if judged.decision == "needs-acceptance":
        return f"{to_do}; where it is meant: {OPTION} '{acceptance(judged.kind, stack, change.address)}'"
    return ""
