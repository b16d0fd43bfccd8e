"""What the AWS provider knows of a resource type, read from the bindings without importing them."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

# Found, not imported: that would start Node and load all types.
BINDINGS = Path(str(importlib.util.find_spec("cdktf_cdktf_provider_aws").origin)).parent  # type: ignore[union-attr]
META = {"connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioners", "id", "timeouts"}
# Values that somebody must have forbidden: everybody, everything, the whole internet.
MANAGED = "arn:aws:iam::aws:policy"
STRINGS = (
    "*",
    "0.0.0.0/0",
    "mutated",
    "public-read-write",
    f"{MANAGED}/AdministratorAccess",
    f"{MANAGED}/IAMFullAccess",
)
SIGNATURE = r"^class {name}\b[^\n]*\n    def __init__\(\n        self,\n        \*,\n(.*?)\n    \) -> None:"
FIELD = re.compile(r"^        (\w+): (.*?)(?: = None)?,$", re.MULTILINE)
BLOCK = re.compile(r'typing\.Union\["(\w+)"')


def unset(kind: str, body: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each attribute that the provider knows and the body does not set, with values to set it to."""
    folder = BINDINGS / kind.removeprefix("aws_")
    if not folder.is_dir():
        return
    source = _source(folder)
    name = re.search(r"^class (\w+Config)\(_\w+\.TerraformMetaArguments\)", source, re.MULTILINE)
    if name is None:
        return
    for field, annotation in _fields(source, name[1]):
        if field not in META and field not in body:
            for value in _values(source, annotation, depth=1):
                yield field, value


@cache
def _source(folder: Path) -> str:
    return (folder / "__init__.py").read_text(encoding="utf-8")


def _fields(source: str, name: str) -> list[tuple[str, str]]:
    found = re.search(SIGNATURE.format(name=name), source, re.MULTILINE | re.DOTALL)
    return FIELD.findall(found[1]) if found else []


def _values(source: str, annotation: str, *, depth: int) -> Iterator[Any]:
    if block := BLOCK.search(annotation):
        if depth:
            for field, inner in _fields(source, block[1]):
                for value in _values(source, inner, depth=depth - 1):
                    yield [{field: value}]
    elif "builtins.bool" in annotation:
        yield from (True, False)
    elif "jsii.Number" in annotation:
        yield from (0, 1)
    elif "typing.Mapping" in annotation:
        yield from ({"name": value} for value in STRINGS)
    elif "typing.Sequence" in annotation:
        yield from ([value] for value in STRINGS)
    else:
        yield from STRINGS
