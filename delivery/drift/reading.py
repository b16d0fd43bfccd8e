"""What a plan tells of drift. Terraform's JSON of a plan keeps two things apart that its exit code does not:

`resource_drift`    what refreshing found changed since the last apply: state before, world after
`resource_changes`  what an apply would do: world before, configuration after
(Terraform: "JSON Output Format", plan representation.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from delivery.drift.model import Difference, Kind
from delivery.drift.siblings import unexplained
from delivery.review import paths
from delivery.review.classify import Surroundings, classify
from delivery.review.limits import limits
from delivery.review.model import ChangeClass
from delivery.saved_plan import planned_change
from modules.core.errors import TerraformError
from policies.plan import PlannedChange

Plan = Mapping[str, Any]
Resource = dict[str, Any]
_IDLE = {"no-op", "read"}


def differences(stack_id: str, stack: Plan, plan: Plan, *, of_these_bytes: bool) -> tuple[Difference, ...]:
    """What is not as the stack says, by address. `stack` is its document, `plan` Terraform's JSON of its plan.

    `of_these_bytes` says that exactly what is planned has been applied: what the plan still changes, though nothing
    was changed where it stands, then comes from what the stack reads, and is drift.
    Raises TerraformError when the plan is of a form that we do not know, or not whole.
    """
    if str(plan.get("format_version", "")).partition(".")[0] != "1":
        raise TerraformError(f"stack {stack_id}: Terraform's plan is of format {plan.get('format_version')}, not 1.x")
    if plan.get("errored") or plan.get("complete") is False:
        raise TerraformError(f"stack {stack_id}: Terraform's plan is not whole, so it says nothing of drift")
    planned = {each["address"]: each for each in _managed(plan, "resource_changes")}
    happened = list(_managed(plan, "resource_drift"))
    around = Surroundings.of(map(planned_change, happened), stack)
    configured = [planned_change(each) for each in plan.get("resource_changes", ()) if each["mode"] == "managed"]
    found = []
    for each in happened:
        back = planned.get(each["address"])
        if back and (each["change"].get("after") is None or _touched(each) & _touched(back)):
            del planned[each["address"]]
            found.append(_judged(each, "drift", around))
            continue
        noted = _judged(each, "noted", around, configured)
        # What is computed changes by itself: without an attribute of weight nothing was done to the resource.
        if noted.attributes or each["change"].get("after") is None:
            found.append(noted)
    found += [_difference(each, "drift" if of_these_bytes else "ahead") for each in planned.values()]
    return tuple(sorted(found, key=lambda each: (each.address, each.kind)))


def _managed(plan: Plan, part: str) -> Iterator[Resource]:
    """The resources of a part of the plan to which something is done; one that only moved in the state is as it was."""
    for each in plan.get(part, ()):
        if each["mode"] == "managed" and not _IDLE.issuperset(each["change"]["actions"]):
            yield each


def _touched(each: Resource) -> set[str]:
    """The attributes that differ, secret ones included, and those of which only the apply will tell."""
    before, after = each["change"].get("before") or {}, each["change"].get("after") or {}
    unknown = {name for name, mark in (each["change"].get("after_unknown") or {}).items() if mark}
    return unknown | {name for name in {*before, *after} if before.get(name) != after.get(name)}


def _judged(each: Resource, kind: Kind, around: Surroundings, configured: Iterable[PlannedChange] = ()) -> Difference:
    """What happened in the world, judged as if a plan had done it, but for what other resources of the stack did."""
    change = planned_change(each)
    found = [reason for reason in classify(change, around) if reason.kind is not ChangeClass.SAFE]
    reasons = unexplained(found, change, configured)
    worst = max(reasons, key=lambda reason: limits().rank(reason.kind), default=None)
    severity = limits().of(worst.kind).severity if worst else "none"
    return _difference(each, kind).model_copy(update={"severity": severity, "reasons": tuple(reasons)})


def _difference(each: Resource, kind: Kind) -> Difference:
    change = planned_change(each)
    # Of what is deleted or created every attribute differs, which says nothing.
    whole = change.before is None or change.after is None
    attributes, more = ((), 0) if whole else paths.shown(paths.values(change.before), paths.planned(change))
    return Difference(
        address=change.address,
        type=change.type,
        kind=kind,
        actions=tuple(change.actions),
        attributes=attributes,
        more_attributes=more,
        arn=_arn(change),
    )


def _arn(change: PlannedChange) -> str:
    """The resource's ARN; empty where it has none, or none yet."""
    for values in (change.before, change.after):
        arn = (values or {}).get("arn")
        if isinstance(arn, str) and arn.startswith("arn:"):
            return arn
    return ""
