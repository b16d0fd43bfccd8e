"""Which classes a planned change is of, and why. What cannot be judged before the apply counts as the worse.

What decides, in this order: what is done to the resource (`types.yaml`, and `modules.core.retention` for what holds
data), the attributes that change (`types.yaml`), and policy documents, compared by what they say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from delivery.guard import can_be_made_again
from delivery.review import documents, facts, paths
from delivery.review.documents import Difference
from delivery.review.facts import TypeFacts
from delivery.review.model import ChangeClass, Reason
from modules.core.retention import is_stateful, loss, outlives_its_stack
from policies.plan import PlannedChange

_REFERENCE = re.compile(r"\$\{([a-z0-9]+_\w+\.[\w-]+)[.\[][^{}]*\}")
_NAMES = ("arn", "bucket", "id", "name", "url")
_CARRIERS = re.compile(r"_polic(y|ies)$")  # types that are a policy document, and little beside


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The stack as written, the addresses of blocks that its plan makes, and the names of what it destroys."""

    written: Mapping[str, Any]
    made: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()

    @classmethod
    def of(cls, changes: Iterable[PlannedChange], stack: Mapping[str, Any]) -> Surroundings:
        """Of one plan."""
        found = list(changes)
        made = frozenset(f"{one.type}.{one.name}" for one in found if one.actions == ["create"])
        lost = [one.before or {} for one in found if one.actions == ["delete"] and not _CARRIERS.search(one.type)]
        gone = frozenset(str(before[key]) for before in lost for key in _NAMES if before.get(key))
        return cls(stack.get("resource", {}), made, gone)

    def subject(self, change: PlannedChange, attribute: str) -> str:
        """The address of what the change belongs to by this attribute; empty where that is not of the stack."""
        body = self.written.get(change.type, {}).get(change.name, {})
        found = _REFERENCE.fullmatch(str(body.get(attribute, "")))
        return found[1] if found else ""


def classify(change: PlannedChange, around: Surroundings) -> tuple[Reason, ...]:
    """Why the change is of which classes: at least one, and never NO_OP or SAFE beside a worse one."""
    found = list(_reasons(change, around))
    if any(reason.kind not in (ChangeClass.NO_OP, ChangeClass.SAFE) for reason in found):
        return tuple(dict.fromkeys(found))
    return (_mild(change),)


def _mild(change: PlannedChange) -> Reason:
    """The class of a change that nothing is known against."""
    actions = set(change.actions)
    if actions <= {"no-op", "read"}:
        return Reason(kind=ChangeClass.NO_OP, text="stays as it is")
    if actions == {"create", "delete"}:
        return Reason(kind=ChangeClass.REPLACEMENT, text="is destroyed and made anew; it holds no data")
    if actions == {"delete"}:
        return Reason(kind=ChangeClass.REMOVAL, text="is destroyed; it holds no data")
    return Reason(kind=ChangeClass.SAFE, text="is created" if actions == {"create"} else "is changed in place")


def _reasons(change: PlannedChange, around: Surroundings) -> Iterator[Reason]:
    if change.previous:
        yield Reason(kind=ChangeClass.MOVED, text=f"was {change.previous}")
    if change.imported:
        yield Reason(kind=ChangeClass.IMPORTED, text="stands in AWS already")
    if "forget" in change.actions:
        yield Reason(kind=ChangeClass.FORGOTTEN, text="stays in AWS, and Terraform forgets it")
        return
    known = [one for one in facts.of_type(change.type) if one.concerns(change.before, change.after)]
    if "delete" in change.actions:
        yield from _gone(change, known)
    new = change.actions == ["create"] and not change.imported
    belongs = next((one.of for one in known if one.of), "")
    if new and (kind := next((one.created for one in known if one.created), None)):
        yield _granted(kind, "is created", belongs, change, around)
    if change.after is not None and not new and "no-op" not in change.actions:
        yield from _attributes(change, known)
    if change.actions != ["no-op"]:
        bounds = any(one.bounds for one in known)
        yield from _documents(change, around, belongs, bounds=bounds, new=new)


def _gone(change: PlannedChange, known: list[TypeFacts]) -> Iterator[Reason]:
    how = "is destroyed and made anew" if "create" in change.actions else "is destroyed"
    if is_stateful(change.type) and not can_be_made_again(change.before or {}):
        lost = loss(change.type)
        yield Reason(kind=ChangeClass.DATA_LOSS, text=f"{how}: {lost or 'what it holds'} cannot be had back")
    kinds = [one.gone for one in known if one.gone]
    told = any(map(documents.is_policy, paths.values(change.before).values()))  # of those `_withdrawn` tells more
    if not kinds and not told and outlives_its_stack(change.type) and not is_stateful(change.type):
        kinds = [ChangeClass.GUARDRAIL]
    for kind in kinds:
        yield Reason(kind=kind, text=f"{how}, which leaves a gap" if "create" in change.actions else how)


def _granted(
    kind: ChangeClass, text: str, belongs: str, change: PlannedChange, around: Surroundings, attribute: str = ""
) -> Reason:
    """A grant: new access if what it belongs to is made by the same plan."""
    subject = around.subject(change, belongs) if belongs else ""
    if kind is ChangeClass.WIDENING and subject in around.made:
        kind, text = ChangeClass.NEW_ACCESS, f"{text} for {subject}, which is new"
    return Reason(kind=kind, text=text, attribute=attribute)


def _attributes(change: PlannedChange, known: list[TypeFacts]) -> Iterator[Reason]:
    before, after = paths.values(change.before), paths.planned(change)
    for one in known:
        for pattern, fact in one.attributes.items():
            leaves = paths.matching({**before, **after}, pattern)
            for path in sorted(leaves):
                old, new = before.get(path, _under(before, path)), after.get(path, _under(after, path))
                if words := fact.violated(old, new):
                    yield Reason(kind=fact.kind, text=f"{path} {words}", attribute=path)


def _under(leaves: Mapping[str, Any], path: str) -> Any:
    """UNKNOWN where the whole block of the path is known only after the apply."""
    parts = path.split(".")
    above = (".".join(parts[:length]) for length in range(1, len(parts)))
    return paths.UNKNOWN if any(leaves.get(one) == paths.UNKNOWN for one in above) else None


def _documents(
    change: PlannedChange, around: Surroundings, belongs: str, *, bounds: bool, new: bool
) -> Iterator[Reason]:
    before, after = paths.values(change.before), paths.planned(change)
    body = around.written.get(change.type, {}).get(change.name, {})
    policies = [path for path in sorted({*before, *after}) if _is_policy(path, before, after, body)]
    replaced = {"create", "delete"} <= set(change.actions)
    for path in policies:
        if "delete" in change.actions and _CARRIERS.search(change.type):
            yield from _withdrawn(change, around, belongs, before.get(path), path, replaced=replaced)
        if change.after is None:
            continue
        widened = ChangeClass.GUARDRAIL if bounds else ChangeClass.WIDENING
        if after.get(path) == paths.UNKNOWN:
            if not new:
                text = f"{path} will be known only after the apply, so it cannot be judged"
                yield Reason(kind=widened, text=text, attribute=path)
            elif not bounds:
                yield _first(change, around, belongs, f"{path} grants what the apply will tell", path)
            continue
        told = documents.compare(before.get(path), after.get(path))
        if new:
            if told.grants and not bounds:
                yield _first(change, around, belongs, f"{path} allows {documents.words(told.grants)}", path)
        else:
            yield from _compared(told, widened, path)


def _first(change: PlannedChange, around: Surroundings, belongs: str, text: str, path: str) -> Reason:
    """The first document of a resource: new access, unless it belongs to something that was there before."""
    alone = not _CARRIERS.search(change.type) or (not belongs and change.type == "aws_iam_policy")
    kind = ChangeClass.NEW_ACCESS if alone else ChangeClass.WIDENING
    return _granted(kind, text, belongs, change, around, path)


def _compared(told: Difference, widened: ChangeClass, path: str) -> Iterator[Reason]:
    if told.grants:
        yield Reason(kind=widened, text=f"{path} now allows {documents.words(told.grants)}", attribute=path)
    if told.lifted:
        yield Reason(kind=widened, text=f"{path} no longer denies {documents.words(told.lifted)}", attribute=path)
    if told.closed and not told.opened:
        text = f"{path} lets less happen: {documents.words(told.closed)}"
        yield Reason(kind=ChangeClass.NARROWING, text=text, attribute=path)


def _withdrawn(
    change: PlannedChange, around: Surroundings, belongs: str, text: Any, path: str, *, replaced: bool
) -> Iterator[Reason]:
    """What goes with a document that is destroyed; nothing, if what it belongs to goes, too."""
    if belongs and str((change.before or {}).get(belongs)) in around.gone:
        return
    told = documents.compare(text if isinstance(text, str) else None, None)
    until = " until it is made anew" if replaced else ""
    if told.withdrawn:
        words = f"{path} no longer allows {documents.words(told.withdrawn)}{until}"
        yield Reason(kind=ChangeClass.OUTAGE, text=words, attribute=path)
    if told.lifted:
        words = f"{path} no longer denies {documents.words(told.lifted)}{until}"
        yield Reason(kind=ChangeClass.GUARDRAIL, text=words, attribute=path)


def _is_policy(path: str, before: Mapping[str, Any], after: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """By the document before or after, or as it is written where the apply will tell it."""
    return any(documents.is_policy(value) for value in (before.get(path), after.get(path), body.get(path)))
