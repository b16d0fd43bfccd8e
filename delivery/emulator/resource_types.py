"""Resource types of Cloud Control that the emulator knows: their schemas, and what the service itself would check."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from delivery.emulator.service import Call

Properties = dict[str, Any]


def _in_the_store(call: Call, name: str) -> MutableMapping[str, Properties]:
    return call.table(name)


@dataclass(frozen=True)
class ResourceType:
    """One type. `schema` is CloudFormation's resource type schema of it, `check` says what is wrong with properties.

    `read_only` gives the properties that the service assigns to a new one, by the properties given. `kept` are the
    caller's resources by identifier, in the store unless the service itself keeps them.
    """

    schema: Mapping[str, Any]
    check: Callable[[Call, Properties], Iterator[str]]
    read_only: Callable[[Call, Properties], Properties]
    kept: Callable[[Call, str], MutableMapping[str, Properties]] = _in_the_store

    @property
    def name(self) -> str:
        """Such as `AWS::ControlTower::EnabledBaseline`."""
        return str(self.schema["typeName"])

    @property
    def identifier(self) -> str:
        """The name of the one property that identifies a resource."""
        (pointer,) = self.schema["primaryIdentifier"]
        return str(pointer).removeprefix("/properties/")

    @property
    def assigned(self) -> set[str]:
        """The names of the properties that only the service sets."""
        return {str(pointer).removeprefix("/properties/") for pointer in self.schema["readOnlyProperties"]}

    @property
    def fixed(self) -> set[str]:
        """The names of the properties that never change."""
        return {str(pointer).removeprefix("/properties/") for pointer in self.schema["createOnlyProperties"]}

    def faults(self, properties: Properties) -> Iterator[str]:
        """How properties break the schema: unknown, missing, assigned by the service, of another type."""
        known = self.schema["properties"]
        types = {"string": str, "array": list, "object": dict, "boolean": bool, "integer": int}
        for name in self.schema["required"]:
            if name not in properties:
                yield f"required key [{name}] not found"
        for name, value in properties.items():
            if name not in known:
                yield f"extraneous key [{name}] is not permitted"
            elif name in self.assigned:
                yield f"{name} is read-only"
            elif not isinstance(value, types[known[name]["type"]]):
                yield f"{name} is no {known[name]['type']}"
