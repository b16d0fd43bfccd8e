"""Reads the bytes of a stack: Terraform JSON of the shape that cdktf writes, or an error that says what it is not.

Whatever Terraform might apply and no policy would judge is refused here: a section or a module call that the gate does
not know, a key that stands twice, a number or a text that JSON cannot carry, and more than a scan ends with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

# Limits far beyond the stacks of the reference organisation (127 kB, 12 levels, no block of several instances). checkov
# needs minutes, or does not end, where a stack is much larger than they allow.
LARGEST, DEEPEST, INSTANCES = 5_000_000, 64, 200  # bytes, levels, instances of one block
NUMBERS = 2**63  # AWS has none beyond; cdktf writes an unresolved token as a number of 290 digits

OBJECTS = ("locals", "output", "provider", "terraform", "variable")
BLOCKS = ("data", "resource")
UNJUDGED = ("//", "check", "import", "moved", "removed")  # they declare no resource
NAME = re.compile(r"[A-Za-z_][\w-]*")

Json = dict[str, Any]


class ViewError(ValueError):
    """The bytes are not a Terraform JSON document."""


def parse(content: bytes) -> Json:
    """The document of a stack's file. Raises ViewError, which says what is wrong and where."""
    if len(content) > LARGEST:
        raise ViewError(f"{len(content):,} bytes are more than {LARGEST:,}; split the stack")
    try:
        document = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_float,
        )
        json.dumps(document, ensure_ascii=False).encode("utf-8")  # half a surrogate pair can be read, not written
    except (ValueError, RecursionError) as error:
        raise ViewError(str(error)) from error
    if (depth := _depth(document)) > DEEPEST:
        raise ViewError(f"it is {depth} levels deep, more than {DEEPEST}")
    found: Json = _object(document, "the document")
    _check_sections(found)
    for address, body in _bodies(found):
        _check_instances(address, body)
    return found


def _no_duplicates(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"key {next(name for name in names if names.count(name) > 1)!r} stands twice in one object")
    return found


def _no_constant(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON")


def _integer(number: str) -> int:
    if len(number) > 20 or not -NUMBERS <= (found := int(number)) < NUMBERS:
        raise ValueError(f"{number[:24]} is no number that AWS takes")
    return found


def _float(number: str) -> float:
    if not -NUMBERS <= (found := float(number)) < NUMBERS:
        raise ValueError(f"{number[:24]} is no number that AWS takes; is it a token that cdktf did not resolve?")
    return found


def _depth(value: object) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


def _object(value: object, where: str) -> Json:
    if not isinstance(value, dict):
        raise ViewError(f"{where} is not an object")
    return value


def _check_sections(document: Json) -> None:
    """Every section is known and an object of objects, as far as policies read it."""
    if calls := document.get("module"):
        raise ViewError(f"module.{min(calls)}: what a called module holds is not judged; write its resources out")
    for section in sorted(document.keys() - {*OBJECTS, *BLOCKS, *UNJUDGED, "module"}):
        raise ViewError(f"section {section} is none that the gate knows, and would be applied unjudged")
    for section in OBJECTS:
        _object(document.get(section, {}), section)
    for section in ("output", "variable"):
        for name, body in document.get(section, {}).items():
            _object(body, f"{section}.{name}")
    for kind, body in _object(document.get("terraform", {}).get("backend", {}), "terraform.backend").items():
        _object(body, f"terraform.backend.{kind}")
    for name, bodies in document.get("provider", {}).items():
        for body in bodies if isinstance(bodies, list) else [bodies]:
            _object(body, f"provider.{name}")


def _bodies(document: Json) -> Iterator[tuple[str, Json]]:
    """Address and body of every resource and data source."""
    for section in BLOCKS:
        for kind, names in _object(document.get(section, {}), section).items():
            for name, body in _object(names, f"{section}.{kind}").items():
                address = f"{section}.{kind}.{name}"
                if not (NAME.fullmatch(kind) and NAME.fullmatch(name)):
                    raise ViewError(f"{address} is no address of Terraform")
                yield address, _object(body, address)


def _check_instances(address: str, body: Json) -> None:
    count, each = body.get("count"), body.get("for_each")
    number = count if isinstance(count, int) else len(each) if isinstance(each, (dict, list)) else 0
    if number > INSTANCES:
        raise ViewError(f"{address} has {number:,} instances, more than {INSTANCES}; split it")
