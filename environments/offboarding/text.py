"""The plan of leaving for people to read."""

from __future__ import annotations

from collections.abc import Iterator

from environments.offboarding.steps import Edit, LeavingPlan, StackChange, Step
from environments.offboarding.words import meaning

_VERBS = {
    "created": "creates",
    "updated": "updates",
    "destroyed": "destroys",
    "forgotten": "keeps in AWS, forgets",
    "untouched": "leaves as it is",
}
_CHANGES = {
    "appears": "appears",
    "changes": "changes",
    "emptied": "is emptied",
    "left": "is synthesised no longer",
}


def text(plan: LeavingPlan) -> str:
    """One block for each stage: the edit, the stacks with their resources, what people do, what to run."""
    what = "team" if plan.kind == "team" else "data domain"
    lines = [f"{what} {plan.name} of {plan.organization}: {plan.stage or 'at work'}"]
    lines.append(f"own accounts: {', '.join(plan.own) or 'none'}")
    if plan.used:
        lines.append(f"used accounts, which stay: {', '.join(plan.used)}")
    for number, step in enumerate(plan.steps, start=1):
        lines += ["", f"{number}. {step.stage}: {meaning(plan, step.stage)}"]
        lines += [f"   {line}" for line in _step(step)]
    return "\n".join(lines) + "\n"


def _step(step: Step) -> Iterator[str]:
    yield f"edit     {_edit(step.edit)}"
    for problem in step.first:
        yield f"first    {problem}"
    if not step.stacks and not step.first:
        yield "stacks   none changes"
    for change in step.stacks:
        yield from _stack(change)
    for sentence in step.by_hand:
        yield f"by hand  {sentence}"
    for command in step.commands:
        yield f"run      {command}"


def _edit(edit: Edit) -> str:
    if edit.action == "delete file":
        return f"{edit.file}: delete the file"
    return f"{edit.file}:{edit.line} {edit.action} the line `{edit.text}`"


def _stack(change: StackChange) -> Iterator[str]:
    yield f"stack    {change.stack} {_CHANGES[change.change]}"
    for field, verb in _VERBS.items():
        addresses: tuple[str, ...] = getattr(change, field)
        if addresses:
            yield f"           {verb} {len(addresses)}"
            yield from (f"             {address}" for address in addresses)
