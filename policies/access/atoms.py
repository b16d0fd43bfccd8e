"""Statements taken apart, so that documents compare by what they say: one action on one resource, under its tests.

How statements are grouped, ordered and named makes no difference. A statement with NotAction, NotResource or
NotPrincipal stays whole there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policies.access.glob import inside, meet
from policies.access.managed import MANAGED
from policies.access.rules import Document, Rule, Test

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Atom:
    """`actions` and `resources` hold one pattern each, unless they are negated (`but_...`)."""

    allows: bool
    actions: Words
    resources: Words
    but_actions: bool
    but_resources: bool
    principals: tuple[tuple[str, str], ...]
    but_principals: bool
    tests: frozenset[Test]

    def covers(self, other: Atom) -> bool:
        """Whether this says all that the other does, to the same principals, under no more tests."""
        return (
            (self.allows, self.but_principals) == (other.allows, other.but_principals)
            and set(other.principals) <= set(self.principals)
            and self.tests <= other.tests
            and _wider(self.actions, self.but_actions, other.actions, other.but_actions)
            and _wider(self.resources, self.but_resources, other.resources, other.but_resources)
        )

    @property
    def action(self) -> str:
        """The pattern of its actions; `*` where they are what it spares."""
        return "*" if self.but_actions else self.actions[0]

    @property
    def resource(self) -> str:
        """The pattern of its resources; `*` where they are what it spares."""
        return "*" if self.but_resources else self.resources[0]


def atoms(documents: Iterable[Document]) -> dict[Atom, Rule]:
    """What the documents say, each with a statement that says it. AWS's own policies are left out: see `managed`."""
    return {
        atom: rule
        for document in documents
        if not _is_managed(document)
        for rule in document.rules
        for atom in _of(rule)
    }


def managed(documents: Iterable[Document]) -> frozenset[str]:
    """The names of AWS's managed policies among the documents: each is one thing, and the same in old and new."""
    return frozenset(document.name for document in documents if _is_managed(document))


def uncovered(of: Iterable[Atom], by: Iterable[Atom]) -> list[Atom]:
    """The atoms that no other one covers."""
    others = list(by)
    known = set(others)
    return [atom for atom in of if atom not in known and not any(other.covers(atom) for other in others)]


def narrower(first: str, second: str) -> str | None:
    """The narrower of two patterns, as far as it stands for what both match; None where nothing matches both."""
    if not meet(first, second):
        return None
    return second if inside(second, (first,)) else first


def _is_managed(document: Document) -> bool:
    return any(MANAGED in rule.source.address for rule in document.rules)


def _of(rule: Rule) -> Iterator[Atom]:
    principals = tuple(sorted((kind, one) for kind, named in (rule.principals or {}).items() for one in named))
    for actions in _parts(rule.actions, whole=rule.but_actions):
        for resources in _parts(rule.resources, whole=rule.but_resources):
            yield Atom(
                allows=rule.allows,
                actions=actions,
                resources=resources,
                but_actions=rule.but_actions,
                but_resources=rule.but_resources,
                principals=principals,
                but_principals=rule.but_principals,
                tests=frozenset(rule.tests),
            )


def _parts(words: Words, *, whole: bool) -> Iterator[Words]:
    if whole:
        yield tuple(sorted(set(words)))
    else:
        yield from ((word,) for word in words)


def _wider(own: Words, own_but: bool, other: Words, other_but: bool) -> bool:
    """Whether what `own` means holds all that `other` means."""
    if own_but and other_but:
        return all(inside(word, other) for word in own)
    if own_but:
        return not any(meet(word, one) for word in own for one in other)
    if other_but:
        return "*" in own
    return all(word in own or inside(word, own) for word in other)
