"""What a record must be before it is written: pure rules, made from the group's file in `features/`."""

from __future__ import annotations

import hashlib
import json
import math
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

# A producer's clock may run ahead of ours by so much.
CLOCK_SKEW_SECONDS = 60
# The two forms that SageMaker takes as an event time of type String.
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z")
_INTEGER = re.compile(r"-?[0-9]{1,19}")
_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_INTEGRAL = range(-(2**63), 2**63)  # SageMaker's Integral is a 64-bit signed integer

Value = str | list[str]


class RefusedError(Exception):
    """A record that can never be written as it is. `rule` is what it broke; no value of it stands in the reason."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(reason)
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature, as `features/<feature_group>.yaml` has it."""

    type: str
    required: bool
    collection: str | None = None
    dimension: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A feature group. `name` is SageMaker's; times are in seconds; without `ttl_days` records do not expire."""

    name: str
    record_id: str
    event_time: str
    online: bool
    offline: bool
    ttl_days: int | None
    freshness_seconds: int
    features: Mapping[str, Feature]

    @classmethod
    def of(cls, text: str) -> Group:
        """The group from the JSON that synthesis puts beside this code."""
        fields: dict[str, Any] = json.loads(text)
        features = {
            name: Feature(**{**each, "one_of": tuple(each.get("one_of", ()))})
            for name, each in fields.pop("features").items()
        }
        return cls(features=features, **fields)


@dataclass(frozen=True, slots=True)
class Record:
    """A record that keeps every rule, its values as SageMaker takes them. `event_time`: seconds since 1970."""

    values: Mapping[str, Value]
    event_time: float

    @property
    def digest(self) -> str:
        """What makes this record one of its kind: the hash over its id, its event time and all else in it."""
        return hashlib.sha256(json.dumps(self.values, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    def expired(self, group: Group, now: float) -> bool:
        """Whether the online store would drop it at once."""
        return group.ttl_days is not None and self.event_time + group.ttl_days * 86_400 <= now


def accept(body: str, group: Group, now: float) -> Record:
    """The record that `body` holds: a JSON object of feature -> value. Raises RefusedError when it breaks a rule.

    Numbers may be written as text, and a collection as the text of a JSON list, as CSV does. null, and empty text
    for a number, is as if left out. A record whose time in the online store is over is good for the offline store
    alone: so history can be loaded; where there is none, it is refused.
    """
    given = _parse(body)
    if unknown := sorted(given.keys() - group.features.keys()):
        names = ascii(unknown)[:200]  # a key may be anything: what cannot be printed is escaped
        raise RefusedError("unknown", f"the group has none of the features {names}")
    values: dict[str, Value] = {}
    for name, feature in group.features.items():
        value = _present(given.get(name), feature)
        if value is not None:
            values[name] = _accept(name, value, feature)
        elif feature.required or name in (group.record_id, group.event_time):
            raise RefusedError("required", f"{name} is missing")
    record = Record(values, _seconds(values[group.event_time], group))
    if record.event_time > now + CLOCK_SKEW_SECONDS:
        raise RefusedError("future", f"{group.event_time} lies in the future")
    if record.expired(group, now) and not group.offline:
        raise RefusedError("expired", f"{group.event_time} is older than the {group.ttl_days} days of the online store")
    return record


def _parse(body: str) -> dict[str, Any]:
    try:
        given = json.loads(body, parse_constant=_no_number, object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as error:
        raise RefusedError("json", "the message is no JSON, or holds a key twice") from error
    if not isinstance(given, dict):
        raise RefusedError("json", "the message is no JSON object")
    return given


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")


def _each_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _present(value: Any, feature: Feature) -> Any:
    """None for what counts as left out."""
    return None if value == "" and (feature.type != "string" or feature.collection or feature.required) else value


def _accept(name: str, value: Any, feature: Feature) -> Value:
    if feature.collection is None:
        return _scalar(name, value, feature)
    elements = _elements(name, value)
    found = [_scalar(name, element, feature) for element in elements]
    if feature.dimension is not None and len(found) != feature.dimension:
        raise RefusedError("dimension", f"{name} has {len(found)} elements, {feature.dimension} are needed")
    if feature.collection == "set" and len(set(found)) != len(found):
        raise RefusedError("unique", f"{name} is a set, and holds an element twice")
    return found


def _elements(name: str, value: Any) -> list[Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise RefusedError("type", f"{name} is no JSON list") from error
    if not isinstance(value, list):
        raise RefusedError("type", f"{name} is no list")
    return value


def _scalar(name: str, value: Any, feature: Feature) -> str:
    text, number = _READERS[feature.type](name, value)
    if feature.one_of and text not in feature.one_of:
        raise RefusedError("one_of", f"{name} is none of the {len(feature.one_of)} values allowed")
    if number is not None and feature.minimum is not None and number < feature.minimum:
        raise RefusedError("minimum", f"{name} is below {feature.minimum:g}")
    if number is not None and feature.maximum is not None and number > feature.maximum:
        raise RefusedError("maximum", f"{name} is above {feature.maximum:g}")
    return text


def _string(name: str, value: Any) -> tuple[str, None]:
    if not isinstance(value, str):
        raise RefusedError("type", f"{name} is no text")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise RefusedError("type", f"{name} holds half of a character") from error
    return value, None


def _integral(name: str, value: Any) -> tuple[str, int]:
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value not in _INTEGRAL:
        raise RefusedError("type", f"{name} is no whole number of 64 bits")
    return str(value), value


def _fractional(name: str, value: Any) -> tuple[str, float]:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        number = math.nan
    elif isinstance(value, str):
        number = float(value) if _DECIMAL.fullmatch(value) else math.nan
    else:
        number = float(value) if abs(value) <= sys.float_info.max else math.inf
    if not math.isfinite(number):
        raise RefusedError("type", f"{name} is no finite number")
    return repr(number), number


_READERS: Mapping[str, Callable[[str, Any], tuple[str, float | None]]] = {
    "string": _string,
    "integral": _integral,
    "fractional": _fractional,
}


def _seconds(value: Value, group: Group) -> float:
    text = str(value)
    if group.features[group.event_time].type == "fractional":
        return float(text)
    if not _ISO.fullmatch(text):
        raise RefusedError("type", f"{group.event_time} is not of the form 2026-01-31T12:00:00Z, or with .000 before Z")
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError as error:
        raise RefusedError("type", f"{group.event_time} is no date and time of the calendar") from error
