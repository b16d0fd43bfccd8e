"""A review for a pull request's comment, in GitHub's Markdown: what stops it first, then stack by stack, folded.

It always fits into a comment. Whatever comes from stacks and plans stands in code spans, where no markup, link, mention
or HTML takes effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from delivery.review.judge import OPTION, acceptance
from delivery.review.limits import limits
from delivery.review.model import Judged, Review, ReviewedChange, StackReview
from policies.report.markdown_text import code, fitting, folded, text_in_html

# Bytes that a part may take; with the headings they stay below what a comment may have.
_STOPS, _TABLE, _CHANGES = 16_000, 12_000, 28_000
_STACK = 6_000
_READERS = 4  # stacks downstream that a row names
_REASONS = 3  # for one class, that a line names
_WHERE = "mlgov review --format json"


def render(review: Review) -> str:
    """The comment: less than `markdown_text.LIMIT` bytes, whatever the review holds."""
    stops = [line for stack in review.stacks for line in _stops(stack)]
    parts = [_head(review)]
    if stops:
        parts.append("### What stops it\n\n" + fitting(stops, _STOPS, _WHERE))
    parts.append("### Stacks\n\n" + _table(review.stacks))
    blocks = [block for stack in review.stacks if (block := _stack(stack))]
    if blocks:
        parts.append("### Changes\n\n" + fitting(blocks, _CHANGES, _WHERE))
    return "\n\n".join(parts) + "\n"


def _head(review: Review) -> str:
    word = "may be applied" if review.passed else "STOPPED"
    changing = sum(stack.status == "reviewed" for stack in review.stacks)
    stopped = sum(not stack.passed for stack in review.stacks)
    numbers = {"stacks": len(review.stacks), "that change": changing, "stopped": stopped}
    rows = (numbers.keys(), ["---:"] * len(numbers), numbers.values())
    table = "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)
    return f"## mlgov review: {word}\n\n{table}"


def _stops(stack: StackReview) -> Iterator[str]:
    """A line for each reason why the stack does not pass, with what to do."""
    name = code(stack.id)
    if stack.status == "unplanned":
        yield f"- {name}: there is no plan of its present bytes; a stack whose producers are not applied yet waits"
    for change, judged in stack.stopped:
        said = limits().of(judged.kind)
        what = f"- **{judged.kind}** {code(f'{stack.id}/{change.address}')}: {_why(judged)}. {said.to_do.capitalize()}"
        if judged.decision == "never":
            yield f"{what}. Tier {stack.tier} lets nobody accept it"
        else:
            yield f"{what}. Meant so: {code(f'{OPTION} {acceptance(judged.kind, stack.id, change.address)}')}"
    if stack.policies:
        yield from (f"- **policy** {name}: {code(text)}" for text in stack.policies.not_met)
        yield from (f"- **policies could not judge** {name}: {code(text)}" for text in stack.policies.faults)


def _table(stacks: Sequence[StackReview]) -> str:
    head = (
        "| stack | tier | add | change | destroy | replace | worst | read by |\n|---|---|---:|---:|---:|---:|---|---|"
    )
    return f"{head}\n{fitting([_row(stack) for stack in stacks], _TABLE, _WHERE)}"


def _row(stack: StackReview) -> str:
    counts = stack.counts
    worst = stack.changes[0].worst.kind.value if stack.changes else stack.status
    mark = worst if stack.passed else f"**{worst}**"
    readers = ", ".join(code(name) for name in stack.downstream[:_READERS])
    if len(stack.downstream) > _READERS:
        readers += f" and {len(stack.downstream) - _READERS} more"
    cells = (code(stack.id), stack.tier, counts.add, counts.change, counts.destroy, counts.replace, mark, readers)
    return f"| {' | '.join(map(str, cells))} |"


def _stack(stack: StackReview) -> str:
    """The stack's changes below a title that opens them; empty without any."""
    if not stack.changes:
        return ""
    title = f"<code>{stack.id}</code>: {len(stack.changes)} changed, owner {text_in_html(stack.owner)}"
    waits = f"Applied after {', '.join(map(code, stack.waits_for))}.\n" if stack.waits_for else ""
    return folded(title, [_change(change) for change in stack.changes], _STACK, waits, _WHERE)


def _change(change: ReviewedChange) -> str:
    classes = "; ".join(f"**{judged.kind}** ({judged.decision}): {_why(judged)}" for judged in change.classes)
    told = [
        f"{code(one.path)} {code(one.before or 'none')} to {code(one.after or 'none')}"
        for one in change.attributes
        if one.before is not None or one.after is not None
    ]
    told += [f"{code(one.path)} (not shown)" for one in change.attributes if one.before is None and one.after is None]
    more = f" and {change.more_attributes} more" if change.more_attributes else ""
    shown = f"; changes {', '.join(told)}{more}" if told else ""
    return f"- {code(change.address)} {'/'.join(change.actions)}: {classes}{shown}"


def _why(judged: Judged) -> str:
    more = f" and {len(judged.reasons) - _REASONS} more" if len(judged.reasons) > _REASONS else ""
    return "; ".join(code(reason.text) for reason in judged.reasons[:_REASONS]) + more
