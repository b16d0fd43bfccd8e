"""The values of a resource, each by its path: what changed, and what stands where.

An element of a list is named by what tells it from the others (`id`, `name`, `key`, `sid`), so that another order is no
change; where nothing does, by its place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from delivery.review.model import AttributeChange
from policies.plan import SENSITIVE, PlannedChange

UNKNOWN = "(known after apply)"
_NAMES = ("id", "name", "key", "sid")
_SHORT = 60  # characters of a value that is shown
_SHOWN = 12  # attributes of one change that are shown
# Terraform's own, or computed from what is shown beside it.
_NOISE = ("tags_all", "id", "arn")
Values = Mapping[str, Any]


def values(content: Any) -> dict[str, Any]:
    """The leaves by path. A list of texts, numbers and the like is one leaf; what is null or empty is none."""
    return dict(_leaves(content, None, ""))


def planned(change: PlannedChange) -> dict[str, Any]:
    """The leaves after the change; those that only the apply will tell, if in part, are UNKNOWN."""
    return dict(_leaves(change.after, change.unknown, ""))


def matching(leaves: Values, pattern: str) -> dict[str, Any]:
    """The leaves at a path and below it. `*` stands for an element of a list."""
    return {path: value for path, value in leaves.items() if _is_at(path, pattern)}


def changed(before: Values, after: Values) -> list[str]:
    """The paths whose value differs, sorted."""
    return sorted(path for path in {*before, *after} if before.get(path) != after.get(path))


def shown(before: Values, after: Values) -> tuple[tuple[AttributeChange, ...], int]:
    """The first attributes that differ, with short values that are no secret, and how many others do."""
    paths = [path for path in changed(before, after) if path.partition(".")[0] not in _NOISE]
    told = tuple(AttributeChange(path=path, before=_text(before, path), after=_text(after, path)) for path in paths)
    return told[:_SHOWN], max(0, len(told) - _SHOWN)


def _is_at(path: str, pattern: str) -> bool:
    parts, wanted = path.split("."), pattern.split(".")
    return len(parts) >= len(wanted) and all(map(fnmatchcase, parts, wanted))


def _leaves(content: Any, unknown: Any, path: str) -> Iterator[tuple[str, Any]]:
    """`unknown` are Terraform's marks: `true`, or of the shape of the content."""
    if unknown is True:
        yield path, UNKNOWN
    elif isinstance(content, dict) or (content is None and isinstance(unknown, dict)):
        marks = unknown if isinstance(unknown, dict) else {}
        for key in {**(content or {}), **marks}:
            yield from _leaves((content or {}).get(key), marks.get(key), f"{path}.{_spelt(key)}" if path else key)
    elif isinstance(content, list) or (content is None and isinstance(unknown, list)):
        yield from _elements(content or [], unknown if isinstance(unknown, list) else [], path)
    elif content not in (None, ""):
        yield path, content


def _elements(content: list[Any], unknown: list[Any], path: str) -> Iterator[tuple[str, Any]]:
    size = max(len(content), len(unknown))
    known, marks = ([*given, *[None] * (size - len(given))] for given in (content, unknown))
    if any(isinstance(one, (dict, list)) for one in (*known, *marks)):
        for name, value, mark in zip(_named(known), known, marks, strict=True):
            yield from _leaves(value, mark, f"{path}.{name}")
    elif True in unknown:
        yield path, UNKNOWN
    elif content:
        yield path, sorted(content, key=repr)


def _named(elements: list[Any]) -> list[str]:
    """A name for each element: what tells them apart, if each has it and no two the same."""
    for key in _NAMES:
        names = [_spelt(one[key]) for one in elements if isinstance(one, dict) and isinstance(one.get(key), str)]
        if len(names) == len(elements) and len(set(names)) == len(names):
            return names
    return [str(place) for place in range(len(elements))]


def _spelt(name: Any) -> str:
    return str(name).replace(".", "_")


def _text(leaves: Values, path: str) -> str | None:
    value = leaves.get(path)
    if value is None or value == SENSITIVE:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"
