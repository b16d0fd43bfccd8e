"""Reading IAM policy documents: one statement at a time, without guessing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from policies.document import Conf, Unprovable


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of a statement. Operator and key are lower case: IAM compares both without regard to case."""

    operator: str
    key: str
    values: tuple[str, ...]

    @property
    def narrows(self) -> bool:
        """Whether the test excludes anything: it must be a positive comparison with no value that matches all.

        `...IfExists` and `Null` hold for requests without the key, and a negated comparison lets
        everyone in but the named: none of them says who may.
        """
        operator = self.operator.rpartition(":")[2]
        positive = operator in {
            "stringequals",
            "stringequalsignorecase",
            "stringlike",
            "arnequals",
            "arnlike",
            "bool",
        }
        return positive and bool(self.values) and not any(set(value) <= set("*:?") for value in self.values)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy document, as written."""

    body: Mapping[str, Any]

    @property
    def allows(self) -> bool:
        """Whether it is an Allow. Anything that is not literally Deny counts as Allow."""
        return self.body.get("Effect") != "Deny"

    @property
    def sid(self) -> str:
        """Its name for messages."""
        return str(self.body.get("Sid", "without Sid"))

    @property
    def actions(self) -> tuple[str, ...]:
        """Its actions in lower case; `*` for NotAction, which allows nearly all."""
        if "NotAction" in self.body:
            return ("*",)
        return tuple(action.lower() for action in _texts(self.body.get("Action")))

    @property
    def resources(self) -> tuple[str, ...]:
        """Its resources as written."""
        return _texts(self.body.get("Resource"))

    def principals(self, kind: str) -> tuple[str, ...]:
        """Principals of a kind (`AWS`, `Service`, `Federated`). `"*"` and NotPrincipal are everyone, of every kind."""
        if "NotPrincipal" in self.body:
            return ("*",)
        principal = self.body.get("Principal", {})
        return ("*",) if principal == "*" else _texts(principal.get(kind))

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Its tests; all of them must hold for the statement to apply."""
        return tuple(
            Condition(operator.lower(), key.lower(), _texts(values))
            for operator, keys in self.body.get("Condition", {}).items()
            for key, values in keys.items()
        )

    def narrowed_by(self, *keys: str) -> bool:
        """Whether a test on one of `keys` (lower case; a trailing `*` matches any ending) really excludes callers."""
        return any(
            condition.narrows and any(_matches(condition.key, key) for key in keys) for condition in self.conditions
        )


def statements(conf: Conf, attribute: str) -> Iterator[Statement]:
    """The statements of the policy document in `attribute`. Raises Unprovable when it is not a literal document."""
    document = parsed(conf, attribute)
    found = document.get("Statement", []) if isinstance(document, Mapping) else document
    found = [found] if isinstance(found, Mapping) else found
    if not isinstance(found, list) or not all(_well_formed(body) for body in found):
        raise Unprovable(attribute, document)
    return (Statement(body) for body in found)


def parsed(conf: Conf, attribute: str) -> Any:
    """The JSON document in `attribute`, None where it is absent. Raises Unprovable for text that is no JSON."""
    document = conf.value(attribute)
    if not isinstance(document, str):
        return document
    try:
        return json.loads(document)
    except ValueError:
        raise Unprovable(attribute, document) from None


def _well_formed(body: object) -> bool:
    if not isinstance(body, Mapping):
        return False
    principal, condition = body.get("Principal", "*"), body.get("Condition", {})
    return (principal == "*" or isinstance(principal, Mapping)) and (
        isinstance(condition, Mapping) and all(isinstance(keys, Mapping) for keys in condition.values())
    )


def _matches(key: str, pattern: str) -> bool:
    return key.startswith(pattern[:-1]) if pattern.endswith("*") else key == pattern


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    values = value if isinstance(value, list) else [value]
    return tuple(str(item).lower() if isinstance(item, bool) else str(item) for item in values)
