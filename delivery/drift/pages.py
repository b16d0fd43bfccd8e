"""Drift as people read it: by stack on a terminal, by owner in a comment or an issue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from delivery.drift.asff import label
from delivery.drift.model import Difference, DriftResult, StackDrift
from delivery.review.model import AttributeChange
from policies.report.markdown_text import code, folded, section, text_in_html

# Bytes of a page's sections; together with the head they stay below `markdown_text.LIMIT`.
_DRIFTED, _FAILED, _OWNER, _OTHERS = 32_000, 10_000, 8_000, 6_000
_FILE = "last-drift.json"
_BROUGHT = 200  # characters of a failure's detail


def text(result: DriftResult) -> str:
    """Every stack of the run that is not in sync, one difference a line, then the counts."""
    lines = []
    for stack in result.of_this_run:
        if stack.state == "in-sync" and not stack.differences and not stack.ended:
            continue
        lines.append(f"{stack.id}: {stack.state} ({stack.tier}, {stack.owner}; {_applied(stack)})")
        for each in stack.differences:
            lines.append(f"  {_label(stack, each)}{each.address}: {_what(each)}")
            lines += [f"    {reason.kind}: {reason.text}" for reason in each.reasons]
        lines += [f"  ended: {each.address}" for each in stack.ended]
        if stack.failure:
            lines.append(f"  {stack.failure.describe()}\n  log: {stack.log}".replace("\n", "\n  "))
    return "\n".join((*lines, _counts(result))) + "\n"


def markdown(result: DriftResult) -> str:
    """For an issue or a job's summary: drift by owner, the rest folded; below `markdown_text.LIMIT` bytes."""
    drifted = [stack for stack in result.of_this_run if stack.state == "drifted"]
    failed = [stack for stack in result.of_this_run if stack.state == "failed"]
    ahead = [stack for stack in result.of_this_run if stack.state == "ahead"]
    noted = [
        _line(stack, each)
        for stack in result.of_this_run
        for each in stack.differences
        if each.kind == "noted" and not each.counts
    ]
    ended = [f"- {code(f'{stack.id}/{each.address}')}" for stack in result.stacks for each in stack.ended]
    parts = (
        f"## mlgov drift: {_counts(result)}",
        section("Drifted", list(_owners(drifted)), _DRIFTED, _FILE),
        section("Could not be planned: nothing is known of these", list(map(_failure, failed)), _FAILED, _FILE),
        folded("Not applied yet", [_ahead(stack) for stack in ahead], _OTHERS, where=_FILE),
        folded("Changed outside, where the configuration says nothing", noted, _OTHERS, where=_FILE),
        folded("Ended since the run before", ended, _OTHERS // 2, where=_FILE),
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _counts(result: DriftResult) -> str:
    stacks = result.of_this_run
    counts = {
        "drifted": sum(stack.state == "drifted" for stack in stacks),
        "not planned": sum(stack.state == "failed" for stack in stacks),
        "ahead": sum(stack.state == "ahead" for stack in stacks),
        "in sync": sum(stack.state == "in-sync" for stack in stacks),
    }
    told = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    return f"{told} of {_number(len(stacks), 'stack')} of {result.organization} ({result.target}), {result.started}"


def _owners(drifted: Sequence[StackDrift]) -> Iterator[str]:
    """A folded block for each owner."""
    for owner in sorted({stack.owner for stack in drifted}):
        own = [stack for stack in drifted if stack.owner == owner]
        lines = [_line(stack, each) for stack in own for each in stack.acted_on]
        title = f"{text_in_html(owner)}: {len(lines)} in {_number(len(own), 'stack')}"
        yield folded(title, lines, _OWNER, where=_FILE)


def _line(stack: StackDrift, each: Difference) -> str:
    why = "".join(f"; {reason.kind}: {code(reason.text)}" for reason in each.reasons)
    return f"- {_label(stack, each)}{code(f'{stack.id}/{each.address}')}: {code(_what(each))}{why}; {_applied(stack)}"


def _failure(stack: StackDrift) -> str:
    said = stack.failure.describe() if stack.failure else "not started"
    return f"- {code(stack.id)} ({code(stack.owner)}): {code(said, _BROUGHT)}"


def _ahead(stack: StackDrift) -> str:
    return f"- {code(stack.id)}: {_number(sum(each.kind == 'ahead' for each in stack.differences), 'resource')}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _label(stack: StackDrift, each: Difference) -> str:
    """How bad it is, where it counts as drift."""
    return f"{label(stack, each)} " if each.counts else f"{each.kind} "


def _what(each: Difference) -> str:
    """What was done, and to which attributes."""
    done = "deleted outside" if each.kind != "ahead" and each.actions == ("delete",) else "/".join(each.actions)
    named = ", ".join(map(_attribute, each.attributes))
    more = f" and {each.more_attributes} more" if each.more_attributes else ""
    stays = "; no apply puts this back" if each.kind == "noted" else ""
    return ": ".join(part for part in (done, f"{named}{more}") if part) + f", since {each.since}{stays}"


def _attribute(changed: AttributeChange) -> str:
    """Its path, with the values that may be shown."""
    if changed.before is None and changed.after is None:
        return changed.path
    return f"{changed.path} {changed.before or '-'} -> {changed.after or '-'}"


def _applied(stack: StackDrift) -> str:
    if not stack.applied:
        return "no apply is on record here"
    return f"last applied {stack.applied}" + ("" if stack.of_these_bytes else ", another version of it")
