"""One action on one pattern of resources, asked of many principals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from policies.access import lake
from policies.access.conditions import Facts
from policies.access.decide import Decision, Outcome, account_of, decide
from policies.access.glob import literally, meet, some
from policies.access.model import Access, Principal, Target
from policies.access.naming import named
from policies.access.rules import Rule


def facts(when: Mapping[str, str]) -> Facts:
    """What is told of a request: condition keys with their values."""
    return Facts({key.lower(): (literally(value),) for key, value in when.items()})


@dataclass(frozen=True)
class Inquiry:
    """`action` in lower case; `resource` an ARN pattern; `accounts` narrow to resources of theirs."""

    access: Access
    action: str
    resource: str
    facts: Facts
    accounts: frozenset[str] | None = None

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """The resources of the stacks that are meant."""
        service = self.action.partition(":")[0]
        return tuple(
            target
            for own, targets in self.access.by_service.items()
            if meet(service, own)
            for target in targets
            if self._is_here(target.account) and any(meet(self.resource, arn) for arn in target.arns)
        )

    @cached_property
    def _more(self) -> bool:
        """Whether resources are meant that no stack holds."""
        own = frozenset(arn for target in self.targets for arn in target.arns)
        return some(frozenset({self.resource}), own)

    def _is_here(self, account: str) -> bool:
        return self.accounts is None or account in self.accounts

    def decisions(self, principal: Principal, *, everywhere: bool = False) -> Iterator[tuple[Target | str, Decision]]:
        """On what the stacks hold, and on the pattern itself for what they do not.

        Most resources of other accounts let nobody in: they are left out, unless it is asked what holds
        `everywhere`, with the reasons.
        """
        if lake.is_permission(self.action):
            for arn, decision in lake.decisions(self.access, principal, self.action, self.resource):
                if decision.outcome is Outcome.DENIED or self._is_here(account_of(arn) or principal.account):
                    yield arn, decision
            return
        # Of other accounts, and of roles, the stacks hold what there is, unless they hold nothing of the pattern.
        own = account_of(self.resource) in ("", principal.account) and not self.action.startswith("sts:")
        if self._more and principal.account and self._is_here(principal.account) and (own or not self.targets):
            yield self.resource, decide(principal, self.action, self.resource, facts=self.facts, explain=everywhere)
        for target in self.targets:
            if everywhere or target.account == principal.account or self._lets_in(principal, target):
                yield (
                    target,
                    decide(principal, self.action, self.resource, target=target, facts=self.facts, explain=everywhere),
                )

    def _lets_in(self, principal: Principal, target: Target) -> bool:
        return any(named(principal, rule) for rule in self._guests[target])

    @cached_property
    def _guests(self) -> dict[Target, tuple[Rule, ...]]:
        """Of each target the statements that let in somebody beside its own account."""
        return {
            target: tuple(
                rule
                for policy in target.policies
                for rule in policy.concerning(self.action)
                if rule.allows and any(not one.endswith(f":{target.account}:root") for one in _everybody(rule))
            )
            for target in self.targets
        }


def _everybody(rule: Rule) -> tuple[str, ...]:
    given = rule.principals or {}
    return ("*",) if rule.but_principals else tuple(one for named_ in given.values() for one in named_)
