"""Plans and results with drift, made by hand in the form that Terraform and `mlgov drift` write."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from delivery.drift.model import Difference, DriftResult, StackDrift
from delivery.drift.reading import differences
from tests.support.planned import Json, plan

FIRST, LATER = "2026-11-22T06:00:00+00:00", "2026-11-23T06:00:00+00:00"


def seen(drift: Iterable[Json], changes: Iterable[Json] = (), *, of_these_bytes: bool = True) -> tuple[Difference, ...]:
    """What is read of a plan with this `resource_drift` and these `resource_changes`."""
    return differences("one", {}, plan(changes, resource_drift=[*drift]), of_these_bytes=of_these_bytes)


def stack(stack_id: str = "one", *, drift: Iterable[Difference] = (), **fields: Any) -> StackDrift:
    """What is known of a stack."""
    found = tuple(drift)
    given: dict[str, Any] = {
        "account": "management",
        "environment": "org",
        "region": "eu-central-1",
        "tier": "foundation",
        "owner": "platform@acme.example",
        "state": "drifted" if any(each.counts for each in found) else "in-sync",
        "checked": LATER,
        "applied": FIRST,
        "of_these_bytes": True,
        **fields,
    }
    return StackDrift(id=stack_id, differences=found, **given)


def result(*stacks: StackDrift, **fields: Any) -> DriftResult:
    """The result of a run over these stacks."""
    given: dict[str, Any] = {"planned": tuple(each.id for each in stacks), "started": LATER, **fields}
    return DriftResult(
        organization="acme",
        partition="aws",
        home_region="eu-central-1",
        target="aws",
        seconds=1.0,
        stacks=stacks,
        **given,
    )
