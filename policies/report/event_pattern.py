"""Whether an event matches the pattern of an EventBridge rule: of its operators those that our rules use.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_AFFIXES: Mapping[str, Callable[[str, str], bool]] = {"prefix": str.startswith, "suffix": str.endswith}


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Whether every key of the pattern is met. Raises ValueError for an operator that is not known here."""
    return all(_holds(wanted, event, key) for key, wanted in pattern.items())


def _holds(wanted: Any, event: Mapping[str, Any], key: str) -> bool:
    if key == "$or":
        return any(matches(each, event) for each in wanted)
    if isinstance(wanted, Mapping):
        inner = event.get(key)
        return isinstance(inner, Mapping) and matches(wanted, inner)
    return any(_one(each, event, key) for each in wanted)


def _one(wanted: Any, event: Mapping[str, Any], key: str) -> bool:
    if not isinstance(wanted, Mapping):
        return key in event and event[key] == wanted
    ((operator, value),) = wanted.items()
    if operator == "exists":
        return (key in event) is bool(value)
    if operator in _AFFIXES and isinstance(value, str):
        return _AFFIXES[operator](str(event.get(key, "")), value)
    if operator == "wildcard":
        return key in event and _resembles(str(event[key]), value)
    if operator == "anything-but" and isinstance(value, str | Sequence):
        return key in event and event[key] not in ([value] if isinstance(value, str) else value)
    if operator == "anything-but" and isinstance(value, Mapping):
        ((affix, texts),) = value.items()
        if affix in _AFFIXES:
            texts = [texts] if isinstance(texts, str) else texts
            return key in event and not any(_AFFIXES[affix](str(event[key]), text) for text in texts)
        operator = f"{operator} {affix}"
    raise ValueError(f"an event pattern has the operator {operator} at {key}, which is not known here")


def _resembles(text: str, wildcard: str) -> bool:
    """Whether `*` for any text makes one of the other; a backslash takes the next character as it is."""
    parts = re.findall(r"\\(.)|(\*)|([^*\\]+)", wildcard)
    pattern = "".join(".*" if star else re.escape(plain or own) for plain, star, own in parts)
    return re.fullmatch(pattern, text) is not None
