"""A passport as bytes, and back. Pure.

One passport has one form: keys sorted, no space, UTF-8, a newline at the end. So its SHA-256 says the same as its
content, whoever writes it, and what is read must be in that form to the byte.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import types
from collections.abc import Mapping
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from modules.ml_operations.passport.model import Passport, PassportError

T = TypeVar("T")


def sha256(content: bytes) -> str:
    """The hash of the bytes, in lower-case hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def to_json(value: object) -> bytes:
    """Any of the model's types in the one form."""
    body = dataclasses.asdict(value)  # type: ignore[call-overload]  # a dataclass of `model`
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def from_json(kind: type[T], text: str | bytes) -> T:
    """The value of a type of the model. Raises PassportError, which names the place, for what is not of this type."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PassportError(f"it is no JSON: {error}") from error
    found: T = _read(kind, body, "")
    return found


def read(content: bytes) -> Passport:
    """The passport with these bytes. Raises PassportError when they are not to the byte what it is written as."""
    found = from_json(Passport, content)
    if to_json(found) != content:
        raise PassportError("it is not in the form in which passports are written: it was changed after that")
    return found


def _read(kind: Any, value: Any, place: str) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _object(kind, value, place)
    if origin in (Union, types.UnionType):
        (inner,) = (part for part in parts if part is not type(None))
        return None if value is None else _read(inner, value, place)
    if origin is Literal:
        return _expect(value in parts and not isinstance(value, bool), value, place, f"one of {parts}")
    if origin is tuple:
        _expect(isinstance(value, list), value, place, "a list")
        return tuple(_read(parts[0], each, f"{place}[{number}]") for number, each in enumerate(value))
    if origin is Mapping:
        _expect(isinstance(value, dict), value, place, "an object")
        return {key: _read(parts[1], each, f"{place}.{key}") for key, each in value.items()}
    if kind is float:
        number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        return float(_expect(number, value, place, "a number"))
    return _expect(type(value) is kind, value, place, f"of type {kind.__name__}")


def _object(kind: type[Any], value: Any, place: str) -> Any:
    hints = get_type_hints(kind)
    _expect(isinstance(value, dict), value, place, "an object")
    if wrong := sorted(value.keys() ^ hints.keys()):
        raise PassportError(f"{place or 'it'} must have exactly the keys of {kind.__name__}; wrong: {', '.join(wrong)}")
    return kind(**{name: _read(hint, value[name], f"{place}.{name}".lstrip(".")) for name, hint in hints.items()})


def _expect(holds: bool, value: Any, place: str, what: str) -> Any:
    if not holds:
        raise PassportError(f"{place or 'it'} must be {what}, and is {value!r:.80}")
    return value
