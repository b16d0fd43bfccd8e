"""Whether a model answers as it did when it was made."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

Value = str | float | bool | None


def differs(expected: str, actual: str, tolerance: float) -> str | None:
    """In words how `actual` differs from `expected`; None where it does not.

    Numbers may differ by `tolerance`, relative or absolute: the same model on another machine rounds otherwise. All
    else must be equal. Answers are JSON, or values separated by commas and lines.
    """
    wanted, found = _values(expected), _values(actual)
    if len(wanted) != len(found):
        return f"{len(found)} values instead of {len(wanted)}"
    for number, (one, other) in enumerate(zip(wanted, found, strict=True), 1):
        if not _alike(one, other, tolerance):
            return f"value {number} is {other!r} instead of {one!r}"
    return None


def _alike(one: Value, other: Value, tolerance: float) -> bool:
    numbers = [each for each in (one, other) if isinstance(each, float) and not math.isnan(each)]
    if len(numbers) == 2:
        return math.isclose(*numbers, rel_tol=tolerance, abs_tol=tolerance)
    return type(one) is type(other) and one == other


def _values(text: str) -> list[Value]:
    try:
        return list(_flat(json.loads(text)))
    except ValueError:
        return [_scalar(cell.strip()) for line in text.strip().splitlines() for cell in line.split(",")]


def _flat(value: object) -> Sequence[Value]:
    if isinstance(value, dict):
        return [each for key in sorted(value) for each in (str(key), *_flat(value[key]))]
    if isinstance(value, list):
        return [each for item in value for each in _flat(item)]
    if isinstance(value, bool) or value is None:
        return [value]
    return [float(value)] if isinstance(value, int | float) else [str(value)]


def _scalar(text: str) -> Value:
    try:
        return float(text)
    except ValueError:
        return text
