"""What a run may destroy: nothing that holds data, unless the run names it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from delivery.run_result import Failure
from modules.core.errors import ConfigError
from modules.core.retention import REPLACEABLE, is_stateful, loss

OPTION = "--allow-destroy"
_TYPE = re.compile(r"(?:^|\.)(aws_\w+)\.")


@dataclass(frozen=True, slots=True)
class Guard:
    """The resources, as `STACK:ADDRESS`, that this run may destroy although they hold data.

    One address stands in many accounts, so an address without its stack would say too little.
    """

    allowed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, named: Sequence[str], stacks: Collection[str]) -> Guard:
        """Raises ConfigError for a name without `STACK:`, or of a stack that is not among `stacks` of this run."""
        for name in named:
            stack, colon, address = name.partition(":")
            if not (stack and colon and address):
                raise ConfigError(f"{OPTION} {name}: write it as STACK:ADDRESS, as the refusal shows it")
            if stack not in stacks:
                raise ConfigError(f"{OPTION} {name}: this run has no stack {stack}; `mlgov graph` lists the ids")
        return cls(frozenset(named))

    def refused(self, stack_id: str, lost: Iterable[str]) -> Failure | None:
        """Why a plan that destroys the resources at the addresses `lost`, which hold data, is not carried out.

        None when the run names all of them.
        """
        unnamed = sorted(address for address in lost if f"{stack_id}:{address}" not in self.allowed)
        if not unnamed:
            return None
        told = " ".join(f"{OPTION} '{stack_id}:{address}'" for address in unnamed)
        return Failure(
            address=unnamed[0],
            summary=f"the plan of {stack_id} destroys what holds data or cannot be had back; nothing of it was applied",
            detail=f"lost would be {', '.join(_named(address) for address in unnamed)}: left out of the configuration, "
            "or replaced by a change of it",
            advice="undo the change; a team or data domain leaves by its stages (`mlgov offboard`); "
            f"where the loss is meant, repeat with {told}",
        )


def _named(address: str) -> str:
    """The address, with what is gone with it."""
    found = _TYPE.search(address)
    words = loss(found[1]) if found else None
    return f"{address} ({words})" if words else address


def can_lose(state: Mapping[str, Any]) -> bool:
    """Whether a Terraform state holds anything that the guard protects."""
    return any(
        resource["mode"] == "managed" and is_stateful(resource["type"]) for resource in state.get("resources", [])
    )


def held_data(lost: Iterable[str], plan: Mapping[str, Any]) -> tuple[str, ...]:
    """Those of the addresses `lost` that hold data before `plan` is carried out, which is Terraform's JSON.

    A Glue database that is a link to one of another account holds none: it can be made again. Nor does what Cloud
    Control made, by its type. An address that the plan does not tell of counts as one that does.
    """
    before = {each["address"]: each["change"].get("before") or {} for each in plan.get("resource_changes", ())}
    return tuple(address for address in lost if not can_be_made_again(before.get(address, {})))


def can_be_made_again(before: Mapping[str, Any]) -> bool:
    """Whether a resource of a type that holds data holds none, by its attributes before it goes."""
    return bool(before.get("target_database")) or before.get("type_name") in REPLACEABLE
