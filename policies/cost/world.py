"""The resources of a synthesis, as prices count them: by type and region, each with how often it stands."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from policies.errors import CostError

Json = Mapping[str, Any]
CLOUD_CONTROL = "aws_cloudcontrolapi_resource"
# What waits for something: `${... ? 1 : 0}`, as cdktf writes a condition.
_AWAITED = re.compile(r"\$\{.*\?\s*(\d+)\s*:\s*0\s*\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """A stack, and what it is counted under."""

    stack: str
    account: str
    environment: str
    module: str
    region: str


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource block. `kind` is its type, of Cloud Control the type of AWS."""

    place: Place
    kind: str
    address: str
    body: Json

    @property
    def awaited(self) -> bool:
        """Whether it is made only once what its `count` waits for is there, such as a released version."""
        return isinstance(self.body.get("count"), str)

    @property
    def instances(self) -> Decimal:
        """How many there are, of what is awaited: how many there will be. Raises CostError when that is not written."""
        count, each = self.body.get("count", 1), self.body.get("for_each", ())
        if each != ():
            if isinstance(each, str):
                raise CostError(f"{self}: how many there are is only known to Terraform; write for_each out")
            return Decimal(len(each))
        if isinstance(count, int):
            return Decimal(count)
        if found := _AWAITED.fullmatch(count):
            return Decimal(found[1])
        raise CostError(f"{self}: count {count!r} is no number, and not of the form `${{... ? 1 : 0}}`")

    def blocks(self, name: str) -> tuple[Json, ...]:
        """The blocks of this name, which Terraform lets stand alone or in a list."""
        found = self.body.get(name) or ()
        return (found,) if isinstance(found, Mapping) else tuple(found)

    def length(self, name: str) -> int:
        """How many elements the argument lists. Raises CostError when only Terraform knows."""
        found = self.body.get(name) or ()
        if isinstance(found, str):
            raise CostError(f"{self}: {name} is only known to Terraform; write its elements out")
        return len(found)

    def __str__(self) -> str:
        return f"{self.place.stack}/{self.address}"


class World:
    """All resources of a synthesis. `accounts` is how many accounts the organisation has."""

    def __init__(self, manifest: Json, documents: Mapping[str, Json]) -> None:
        """Of the manifest and the stacks that it lists, as JSON. A stack without a document is left out."""
        self.organization: Json = manifest["organization"]
        self.accounts = len(self.organization["accounts"])
        self.places = {
            entry["id"]: Place(entry["id"], entry["account"], entry["environment"], entry["module"], entry["region"])
            for entry in manifest["stacks"]
            if entry["id"] in documents
        }
        self._by_kind: dict[str, list[Resource]] = defaultdict(list)
        for stack, place in self.places.items():
            for resource in _resources(place, documents[stack]):
                self._by_kind[resource.kind].append(resource)

    @property
    def kinds(self) -> dict[str, list[Resource]]:
        """Every type that stands anywhere, with its resources."""
        return dict(sorted(self._by_kind.items()))

    def of(self, kind: str, *, region: str = "", stack: str = "") -> list[Resource]:
        """The resources of a type, in one region or stack where that is named."""
        return [
            resource
            for resource in self._by_kind.get(kind, ())
            if (not region or resource.place.region == region) and (not stack or resource.place.stack == stack)
        ]


def _resources(place: Place, document: Json) -> Iterator[Resource]:
    for kind, named in document.get("resource", {}).items():
        for name, body in named.items():
            yield Resource(place, body["type_name"] if kind == CLOUD_CONTROL else kind, f"{kind}.{name}", body)
