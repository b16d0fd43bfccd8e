"""IAM's decision, before the request is made: allowed, allowed under conditions, or denied and by what.

AWS evaluates so (IAM user guide, "Policy evaluation logic"): an explicit denial anywhere decides. Else, in the
resource's own account, a grant of an identity policy within the boundary, or one of the resource policy to the
principal itself; for keys and roles the resource policy must let the account decide, too. Across accounts both sides
must grant. Guardrails only deny here (see `policies.access.surroundings`).

The answer holds for some request on some resource of the pattern that was asked. For one action it is exact; for a
pattern of actions a denial counts only if it covers all of them, so that too many can rather than too few.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from policies.access.areas import Area, Option
from policies.access.conditions import Facts, Truth, both, holds, implies
from policies.access.glob import meet, some
from policies.access.kinds import SHARING
from policies.access.model import Portion, Principal, Target
from policies.access.naming import named
from policies.access.rules import Document, Rule, Test

_EVERYWHERE = frozenset({"*"})
_GLOBAL = ("budgets:", "ce:", "iam:", "organizations:", "route53:")  # one endpoint, counted to us-east-1


class Outcome(StrEnum):
    """What IAM will say. `CONDITIONAL`: it depends on the request."""

    ALLOWED = "allowed"
    CONDITIONAL = "allowed if"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Way:
    """Statements that together let a request pass, what it must meet, and of a table what it then reads."""

    rules: tuple[Rule, ...]
    conditions: tuple[str, ...] = ()
    portion: Portion | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`ways` when it is not denied; `because` and, if a statement denies, `denial` when it is."""

    outcome: Outcome
    ways: tuple[Way, ...] = ()
    because: str = ""
    denial: Rule | None = None


def decide(
    principal: Principal,
    action: str,
    resource: str,
    *,
    target: Target | None = None,
    facts: Facts | None = None,
    explain: bool = False,
) -> Decision:
    """Whether the principal may do the action (lower case) on something that the pattern `resource` matches.

    `explain` looks for the statement that denies even where nothing allows: it takes longer.

    `target` is the resource where the stacks have it; without one, resources of the pattern with no policy of their own
    are meant. `facts` outweigh what is known of principal and resource.
    """
    known = _facts(principal, action, resource, target, facts)
    arns = target.arns if target else ("*",)
    found = [
        _decide(principal, action, frozenset({resource, arn}), target, known, explain)
        for arn in arns
        if meet(resource, arn)
    ]
    order = list(Outcome)
    best = min(
        found, key=lambda one: order.index(one.outcome), default=Decision(Outcome.DENIED, because="it is not there")
    )
    return best if target else _unseen(best, principal, action, resource)


def _facts(principal: Principal, action: str, resource: str, target: Target | None, more: Facts | None) -> Facts:
    if more is not None and more.complete:
        return more
    facts = principal.facts
    if target is not None:
        facts = facts.plus(target.facts)
    elif (account := account_of(resource)) == "" or account == principal.account:
        own = {"aws:ResourceAccount": (principal.account,), "aws:ResourceOrgID": facts.of("aws:PrincipalOrgID") or ()}
        facts = facts.plus(own)
    region = "us-east-1" if action.startswith(_GLOBAL) else _part(resource, 3)
    if region:
        facts = facts.plus({"aws:RequestedRegion": (region,)})
    return facts.plus(more.values) if more else facts


def account_of(resource: str) -> str:
    """The account in an ARN; empty where it holds none, or a pattern."""
    return _part(resource, 4)


def _part(resource: str, index: int) -> str:
    parts = resource.split(":", 5)
    return "" if len(parts) <= index or set(parts[index]) & set("*?$") else parts[index]


def _unseen(decision: Decision, principal: Principal, action: str, resource: str) -> Decision:
    """The decision on a resource that no stack holds: its own policy may have a say that is not known."""
    account, service = account_of(resource), action.partition(":")[0]
    elsewhere = account not in ("", principal.account)
    if decision.outcome is Outcome.DENIED or not (elsewhere or service == "sts"):
        return decision
    if elsewhere and service not in SHARING:
        return Decision(
            Outcome.DENIED, because=f"it is of account {account}, and {service} shares nothing across accounts"
        )
    unseen = "its own policy, which no stack holds, lets it in"
    ways = tuple(replace(way, conditions=(*way.conditions, unseen)) for way in decision.ways)
    return Decision(Outcome.CONDITIONAL, ways)


def _decide(
    principal: Principal, action: str, within: frozenset[str], target: Target | None, facts: Facts, explain: bool
) -> Decision:
    grants = list(_grants(principal, action, within, target, facts))
    if not grants and not explain:
        return Decision(Outcome.DENIED, because=_missing(principal, action, within, target, facts))
    denials = list(_denials(principal, action, target, facts))
    areas = [Area(within)]
    for rule, open_ in denials:
        if not open_:
            left = [part for area in areas for part in area.less(rule, facts) if part]
            if not left:
                return Decision(Outcome.DENIED, because="a statement denies it", denial=rule)
            areas = left
    ways: list[Way] = []
    refused: Decision | None = None
    for options in grants:
        for area in areas:
            if not (own := area.and_(*options)):
                continue
            way = _way(own, options, [(rule, open_) for rule, open_ in denials if open_], facts)
            if isinstance(way, Rule):
                refused = Decision(Outcome.DENIED, because="a statement denies it", denial=way)
            elif not way.conditions:
                return Decision(Outcome.ALLOWED, (way,))
            else:
                ways.append(way)
    if ways:
        return Decision(Outcome.CONDITIONAL, tuple(dict.fromkeys(ways)))
    return refused or Decision(Outcome.DENIED, because=_missing(principal, action, within, target, facts))


def _way(
    area: Area, options: tuple[Option, ...], denials: list[tuple[Rule, tuple[Test, ...]]], facts: Facts
) -> Way | Rule:
    """How the request passes, or the statement that denies whenever these options grant."""
    tests = tuple(dict.fromkeys(test for option in options for test in option.tests))
    conditions = [f"{facts.fill(str(test))}" for test in tests]
    for rule, open_ in denials:
        if any(area.less(rule, facts)):
            continue  # it spares some of the resources
        if all(any(implies(test, other) for test in tests) for other in open_):
            return rule
        conditions.append("unless " + " and ".join(facts.fill(str(test)) for test in open_))
    return Way(tuple(option.rule for option in options), tuple(dict.fromkeys(conditions)))


def _denials(
    principal: Principal, action: str, target: Target | None, facts: Facts
) -> Iterator[tuple[Rule, tuple[Test, ...]]]:
    """The denials that cover the action and may be met, each with the tests that depend on the request."""
    documents = [*principal.guardrails, *principal.identity, *([principal.boundary] if principal.boundary else [])]
    for document in documents:
        yield from _met(document, action, facts, allows=False)
    if target is not None:
        for document in (*target.guardrails, *target.policies):
            for rule, open_ in _met(document, action, facts, allows=False):
                if named(principal, rule):
                    yield rule, open_


def _met(document: Document, action: str, facts: Facts, *, allows: bool) -> Iterator[tuple[Rule, tuple[Test, ...]]]:
    for rule in document.concerning(action):
        if rule.allows is not allows or (not allows and not rule.covers(action)):
            continue
        judged = [(test, holds(test, facts)) for test in rule.tests]
        if both(truth for _, truth in judged) is not Truth.FALSE:
            yield rule, tuple(test for test, truth in judged if truth is Truth.MAYBE)


def _grants(
    principal: Principal, action: str, within: frozenset[str], target: Target | None, facts: Facts
) -> Iterator[tuple[Option, ...]]:
    """Every set of options that together grants."""
    own = [
        (option, *limit)
        for option in _options(principal.identity, action, within, facts)
        for limit in _limits(principal, action, within, facts)
    ]
    if target is None:
        yield from own
        return
    given = [(option, named(principal, option.rule)) for option in _options(target.policies, action, within, facts)]
    same = target.account == principal.account
    for option, how in given:
        if how == "itself" and same:
            yield from ((option, *limit) for limit in _limits(principal, action, within, facts))
        elif how == "anyone" and same:
            yield (option,)
        elif how and (not same or target.delegates):
            yield from ((*options, option) for options in own)
    if same and not target.delegates:
        yield from own


def _limits(principal: Principal, action: str, within: frozenset[str], facts: Facts) -> list[tuple[Option, ...]]:
    """What the boundary grants; nothing to ask where there is none."""
    if principal.boundary is None:
        return [()]
    return [(option,) for option in _options((principal.boundary,), action, within, facts)]


def _options(documents: Iterable[Document], action: str, within: frozenset[str], facts: Facts) -> Iterator[Option]:
    for document in documents:
        for rule, open_ in _met(document, action, facts, allows=True):
            own = frozenset(facts.fill(resource) for resource in rule.resources)
            if rule.but_resources:
                yield Option(rule, _EVERYWHERE, own, open_)
            for resource in sorted(own) if not rule.but_resources else ():
                if some(within | {resource}):
                    yield Option(rule, frozenset({resource}), frozenset(), open_)


def _missing(principal: Principal, action: str, within: frozenset[str], target: Target | None, facts: Facts) -> str:
    """Which grant is missing, in words."""
    if not any(True for _ in _options(principal.identity, action, within, facts)):
        return "no policy of the principal allows it"
    if not _limits(principal, action, within, facts):
        return "its permissions boundary does not allow it"
    return "no resource policy lets it in" if target else "nothing allows it"
