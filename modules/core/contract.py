"""Contracts: what a stack gives to other stacks, as a frozen dataclass. No cdktf here.

A field is one of two kinds. A `named` field is computed from the producer's naming, so a consumer
needs no read and its first plan works. An `assigned` field gets its value from AWS and is read
through remote state under the field's own name.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from modules.core.naming import Naming

_RULE = "mlgov.named"


def named(rule: Callable[[Naming], str]) -> Any:
    """A field whose value is `rule(naming)` on both sides."""
    return dataclasses.field(metadata={_RULE: rule})


def assigned() -> Any:
    """A field whose value AWS assigns: the consumer reads it through remote state."""
    return dataclasses.field()


@dataclasses.dataclass(frozen=True, slots=True)
class Contract:
    """Base of every module's contract. Field types are `str`, `list[str]` or `Mapping[str, str]`."""

    @classmethod
    def names(cls, naming: Naming) -> dict[str, str]:
        """The values of the `named` fields for the producer described by `naming`."""
        return {
            field.name: field.metadata[_RULE](naming) for field in dataclasses.fields(cls) if _RULE in field.metadata
        }

    @classmethod
    def assigned_fields(cls) -> dict[str, Any]:
        """Name and type, as written, of each field that is read through remote state."""
        return {field.name: field.type for field in dataclasses.fields(cls) if _RULE not in field.metadata}

    def values(self) -> Mapping[str, str | list[str] | Mapping[str, str]]:
        """Field name -> value, in the order of declaration."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}


@dataclasses.dataclass(frozen=True, slots=True)
class StateLocation:
    """Where a stack keeps its state. `kms_key` is the ARN of the alias of the environment's state key."""

    bucket: str
    key: str
    region: str
    kms_key: str


@dataclasses.dataclass(frozen=True, slots=True)
class Producer:
    """A stack that publishes contracts, as its consumers see it."""

    stack_id: str
    naming: Naming
    state: StateLocation
