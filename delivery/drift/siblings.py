"""What a resource shows of others: a bucket its policy, a role its inline policies, a security group its rules.

Terraform writes a resource into the state when it is made, before those that belong to it. So the first refresh after
an apply finds it changed, by that very apply. What stands in a resource that belongs to it is not drift.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from delivery.review import documents, paths
from delivery.review.model import Reason
from policies.plan import PlannedChange

_NAMES = ("arn", "id", "name", "url")


def unexplained(reasons: Iterable[Reason], change: PlannedChange, stack: Iterable[PlannedChange]) -> list[Reason]:
    """Those of the reasons whose attribute does not show what a resource of the stack that names this one asks for.

    `stack` is everything that the plan tells of; of each what the configuration wants counts, not what is there.
    """
    names = {value for key in _NAMES if isinstance(value := (change.after or {}).get(key), str)}
    wanted = [
        value
        for other in stack
        if other.address != change.address and names.intersection(_texts(other))
        for value in _texts(other)
    ]
    shown = paths.values(change.after)
    return [reason for reason in reasons if not _stands(shown.get(reason.attribute), wanted)]


def _stands(value: Any, wanted: list[str]) -> bool:
    """Whether each part of the value is wanted; a policy document, whether one that is wanted allows as much."""
    if value is None:
        return False
    if documents.is_policy(value):
        return any(documents.is_policy(one) and not documents.compare(one, value).opened for one in wanted)
    return all(str(part) in wanted for part in (value if isinstance(value, list) else [value]))


def _texts(change: PlannedChange) -> Iterator[str]:
    for value in paths.values(change.after).values():
        yield from map(str, value if isinstance(value, list) else [value])
