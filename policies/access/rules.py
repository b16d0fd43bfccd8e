"""Policy documents as rules: what each statement lets or denies, to whom, on what, when, and where it stands.

A document that cannot be read before Terraform runs is one rule that lets everything happen: a question of who can must
not be answered by what cannot be seen.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from policies.access.glob import some

Json = Mapping[str, Any]
Resolve = Callable[[str], str]
UNREADABLE = "unreadable"
ANY = ""  # no service


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Where a policy stands: stack, Terraform address, construct path, file of the stack."""

    stack: str
    address: str
    path: str = ""
    file: str = ""

    def __str__(self) -> str:
        return f"{self.stack}/{self.address}" if self.address else self.stack


@dataclass(frozen=True, slots=True, order=True)
class Test:
    """One test of a condition, in the words of the statement."""

    operator: str
    key: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.operator} {self.key} {' or '.join(self.values)}"


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One statement. `actions` are in lower case; `principals` None where the document is no resource policy."""

    allows: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    but_actions: bool = False
    but_resources: bool = False
    principals: Mapping[str, tuple[str, ...]] | None = None
    but_principals: bool = False
    tests: tuple[Test, ...] = ()
    sid: str = ""
    document: str = ""
    source: Source = Source("", "")

    def __str__(self) -> str:
        name = f"{self.document} {self.sid}".strip()
        return f"{name} ({self.source})" if self.source.stack else name

    def concerns(self, action: str, actions: Iterable[str]) -> bool:
        """Whether the statement, by these of its actions, speaks of one that the pattern `action` matches."""
        if self.but_actions:
            return some(frozenset((action,)), frozenset(self.actions))
        return any(some(frozenset((action, own))) for own in actions)

    def covers(self, action: str) -> bool:
        """Whether it speaks of every action that the pattern matches."""
        if self.but_actions:
            return not any(some(frozenset((action, own))) for own in self.actions)
        return not some(frozenset((action,)), frozenset(self.actions))


@dataclass(frozen=True)
class Document:
    """A policy document. Equal texts share one object, so that what is asked of them often is found once."""

    name: str
    rules: tuple[Rule, ...]

    def concerning(self, action: str) -> tuple[Rule, ...]:
        """The rules that speak of some action of the pattern (lower case), in the order of the document."""
        found = self._asked.get(action)
        if found is None:
            service = action.partition(":")[0]
            near = self._by_service.get(service, self._by_service[ANY]) if service.isalnum() else self._all
            found = tuple(rule for rule, actions in near if rule.concerns(action, actions))
            self._asked[action] = found
        return found

    @cached_property
    def _asked(self) -> dict[str, tuple[Rule, ...]]:
        return {}

    @cached_property
    def _all(self) -> list[tuple[Rule, tuple[str, ...]]]:
        return [(rule, rule.actions) for rule in self.rules]

    @cached_property
    def _by_service(self) -> Mapping[str, list[tuple[Rule, tuple[str, ...]]]]:
        """For each service that a rule names the rules with their actions that may be of it; ANY: of all others."""
        services = {action.partition(":")[0] for rule in self.rules for action in rule.actions}
        plain = {service for service in services if service.isalnum()}
        found: dict[str, list[tuple[Rule, tuple[str, ...]]]] = {service: [] for service in (*plain, ANY)}
        for rule in self.rules:
            of: dict[str, list[str]] = {}
            for action in rule.actions:
                service = action.partition(":")[0]
                of.setdefault(service if service in plain else ANY, []).append(action)
            for service, near in found.items():
                own = (*of.get(service, ()), *(of.get(ANY, ()) if service != ANY else ()))
                if own or rule.but_actions:
                    near.append((rule, own))
        return found


def document(name: str, text: object, source: Source, resolve: Resolve) -> Document:
    """The document in `text`, a JSON text or an object. Never raises: what cannot be read lets everything happen."""
    try:
        body = json.loads(text) if isinstance(text, str) else text
        statements = body["Statement"]  # type: ignore[index]
        given = [statements] if isinstance(statements, dict) else statements
        return Document(name, tuple(_rule(statement, name, source, resolve) for statement in given))
    except (ValueError, TypeError, KeyError, AttributeError):
        return unreadable(name, source)


def unreadable(name: str, source: Source) -> Document:
    """What stands for a document whose content is not known."""
    everything = Rule(True, ("*",), ("*",), principals={"AWS": ("*",)}, sid=UNREADABLE, document=name, source=source)
    return Document(name, (everything,))


def _rule(body: Json, name: str, source: Source, resolve: Resolve) -> Rule:
    actions, but_actions = _either(body, "Action")
    resources, but_resources = _either(body, "Resource")
    principals, but_principals = _principals(body, resolve)
    return Rule(
        allows=body["Effect"] != "Deny",
        actions=tuple(action.lower() for action in actions),
        # A trust policy, a vault policy and a key policy are about what they are attached to.
        resources=tuple(resolve(resource) for resource in resources) or ("*",),
        but_actions=but_actions,
        but_resources=but_resources,
        principals=principals,
        but_principals=but_principals,
        tests=tuple(_tests(body.get("Condition", {}), resolve)),
        sid=str(body.get("Sid", "")),
        document=name,
        source=source,
    )


def _either(body: Json, word: str) -> tuple[tuple[str, ...], bool]:
    negated = f"Not{word}" in body
    return texts(body.get(f"Not{word}" if negated else word)), negated


def _principals(body: Json, resolve: Resolve) -> tuple[Mapping[str, tuple[str, ...]] | None, bool]:
    negated = "NotPrincipal" in body
    given = body.get("NotPrincipal" if negated else "Principal")
    if given is None:
        return None, False
    if given == "*":
        return {"AWS": ("*",)}, negated
    return {kind: tuple(resolve(one) for one in texts(named)) for kind, named in given.items()}, negated


def _tests(condition: Json, resolve: Resolve) -> Iterator[Test]:
    for operator, keys in condition.items():
        for key, values in keys.items():
            yield Test(operator, key, tuple(sorted(resolve(value) for value in texts(values))))


def texts(value: object) -> tuple[str, ...]:
    """A value that stands alone, in a list or not at all, as texts; booleans as JSON writes them."""
    if value is None:
        return ()
    values: Iterable[object] = value if isinstance(value, list) else [value]
    return tuple(str(one).lower() if isinstance(one, bool) else str(one) for one in values)
