"""Judge a value against a shape of botocore's service model, as the real service does at its border."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "character": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "blob": (bytes, str),
    "timestamp": (datetime, str, int, float),
    "list": (list, tuple),
    "map": (dict,),
    "structure": (dict,),
}


def faults(shape: Any, value: Any, where: str = "") -> Iterator[str]:
    """Every way in which `value` breaks `shape`: type, required, unknown, enum, length, range and pattern."""
    kind = shape.type_name
    if getattr(shape, "is_document_type", False):
        return  # any JSON value
    if not _is_a(kind, value):
        yield f"{where or 'input'}: {type(value).__name__} is not a {kind}"
    elif kind == "structure":
        yield from _structure_faults(shape, value, where)
    elif kind == "list":
        yield from _bounds(shape, len(value), where)
        for index, item in enumerate(value):
            yield from faults(shape.member, item, f"{where}[{index}]")
    elif kind == "map":
        yield from _bounds(shape, len(value), where)
        for key, item in value.items():
            yield from faults(shape.key, key, f"{where} key {key!r}")
            yield from faults(shape.value, item, f"{where}.{key}")
    elif kind == "string":
        yield from _string_faults(shape, value, where)
    elif kind in ("integer", "long", "float", "double"):
        yield from _bounds(shape, value, where)


def _is_a(kind: str, value: Any) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _structure_faults(shape: Any, value: dict[str, Any], where: str) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield f"{where}.{name} is required".lstrip(".")
    for name, item in value.items():
        path = f"{where}.{name}".lstrip(".")
        if name not in shape.members:
            yield f"{path} is unknown"
        elif item is not None:
            yield from faults(shape.members[name], item, path)


def _string_faults(shape: Any, value: str, where: str) -> Iterator[str]:
    yield from _bounds(shape, len(value), where)
    if shape.enum and value not in shape.enum:
        yield f"{where}: {value!r} is none of {', '.join(shape.enum)}"
    pattern = _compiled(shape.metadata.get("pattern"))
    if pattern is not None and not pattern.search(value):
        yield f"{where}: {value!r} does not match {pattern.pattern}"


def _bounds(shape: Any, size: float, where: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < float(least):
        yield f"{where}: {size} is less than {least}"
    if most is not None and size > float(most):
        yield f"{where}: {size} is more than {most}"


@functools.cache
def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    """The pattern, or None for one that only Java's dialect can read (`\\p{L}` and the like)."""
    if pattern is None:
        return None
    try:
        return re.compile(pattern)
    except re.error:
        return None
