"""Parts of all resources: where grants let in and denials take away, as patterns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policies.access.conditions import Facts
from policies.access.glob import some
from policies.access.rules import Rule, Test


@dataclass(frozen=True, slots=True)
class Option:
    """One grant: where it lets in, where it does not, and the tests that depend on the request."""

    rule: Rule
    within: frozenset[str]
    without: frozenset[str]
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """Resources: those that match all of `within` and none of `without`."""

    within: frozenset[str]
    without: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return some(self.within, self.without)

    def less(self, rule: Rule, facts: Facts) -> Iterator[Area]:
        """What is left when the rule takes its resources away: in parts, where it spares some."""
        own = {facts.fill(resource) for resource in rule.resources}
        if not rule.but_resources:
            yield Area(self.within, self.without | own)
        for spared in sorted(own) if rule.but_resources else ():
            if part := Area(self.within | {spared}, self.without):
                yield part

    def and_(self, *options: Option) -> Area:
        """What all the options let in, of this."""
        return Area(
            self.within.union(*(option.within for option in options)),
            self.without.union(*(option.without for option in options)),
        )
