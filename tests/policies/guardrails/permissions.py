"""What AWS is asked for each type of resource: the table `permissions.yaml`, read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("permissions.yaml")
CLOUD_CONTROL = "aws_cloudcontrolapi_resource"


@dataclass(frozen=True)
class Needed:
    """Actions of one resource type."""

    write: frozenset[str]
    read: frozenset[str]


def needed(type_: str, type_name: str = "") -> Needed | None:
    """What a type needs; None without a line. `data.` stands before a data source, `type_name` is Cloud Control's."""
    found = table().get(type_)
    if type_ != CLOUD_CONTROL or found is None:
        return found
    own = table().get(type_name)
    return Needed(found.write | own.write, found.read | own.read) if own else None


@cache
def table() -> dict[str, Needed]:
    """The whole table."""
    return {type_: _parsed(line) for type_, line in yaml.safe_load(FILE.read_text(encoding="utf-8")).items()}


def _parsed(line: str) -> Needed:
    service, _, actions = line.partition(" ")
    write, _, read = actions.partition("/")

    def full(names: str) -> frozenset[str]:
        return frozenset(name if ":" in name else f"{service}:{name}" for name in names.split())

    return Needed(full(write), full(read))
