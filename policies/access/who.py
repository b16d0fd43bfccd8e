"""Who can do ACTION on RESOURCE: every principal with the people behind it, how, and under which conditions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from policies.access import lake
from policies.access.chains import Chains
from policies.access.conditions import Facts
from policies.access.decide import Decision, Outcome, account_of, decide, named
from policies.access.glob import literally, meet, some
from policies.access.model import Access, Principal, Target
from policies.access.outsiders import OWN_ACCOUNT, outsiders
from policies.access.rules import Rule
from policies.errors import AccessError
from policies.record import Frozen

_ACTION = re.compile(r"\*|[a-z0-9-]+:[\w*?]+", re.IGNORECASE)


@dataclass(frozen=True)
class Question:
    """`resource` is an ARN pattern, accounts by name or id, or `<stack>/<address>` of a block. `account` narrows to
    resources of one account, `principal` to principals: a name, a group or an ARN, with wildcards. `when` are
    condition keys that the request has.
    """

    action: str
    resource: str = "*"
    account: str | None = None
    principal: str | None = None
    when: Mapping[str, str] = field(default_factory=dict)


class Passage(Frozen):
    """Statements that together let a request pass, and what it must meet."""

    by: tuple[str, ...]
    conditions: tuple[str, ...]


class Holding(Frozen):
    """What one principal may do on these resources, in which ways; `via` are the role chains that end in it."""

    principal: str
    kind: str
    people: tuple[str, ...]
    outcome: Outcome
    on: tuple[str, ...]
    ways: tuple[Passage, ...] = ()
    via: tuple[str, ...] = ()
    because: str = ""


class Answer(Frozen):
    """Principals by name. The denied ones are told only where principals were asked for."""

    action: str
    resource: str
    asked: int
    holdings: tuple[Holding, ...]

    def count(self, outcome: Outcome) -> int:
        """How many principals have this outcome."""
        return len({holding.principal for holding in self.holdings if holding.outcome is outcome})


def who_can(access: Access, question: Question) -> Answer:
    """The answer. Raises AccessError when action, resource, account or principal are none there can be."""
    if not _ACTION.fullmatch(question.action):
        raise AccessError(f"{question.action!r} is no action: write it as service:Action, such as s3:GetObject")
    if question.account is not None and question.account not in access.synthesis.accounts:
        known = ", ".join(sorted(access.synthesis.accounts))
        raise AccessError(f"there is no account {question.account!r}: there are {known}")
    action, resource = question.action.lower(), _resource(access, question.resource)
    targets = list(_targets(access, action, resource, question.account))
    principals = [*access.principals, *outsiders(access, targets, action)]
    asked = [one for one in principals if _is(one, question.principal)]
    if not asked:
        raise AccessError(f"no principal, group or ARN is like {question.principal!r}: `mlgov access principals`")
    facts = Facts({key.lower(): (literally(value),) for key, value in question.when.items()})
    rest = some(frozenset({resource}), frozenset(arn for target in targets for arn in target.arns))
    chains = Chains(access)
    found: list[Holding] = []
    for principal in asked:
        decisions = list(_decisions(access, principal, action, resource, targets, question, rest, facts))
        allowed = [(on, one) for on, one in decisions if one.outcome is not Outcome.DENIED]
        found += _holdings(principal, allowed or (decisions if question.principal else []), chains)
    return Answer(action=question.action, resource=resource, asked=len(asked), holdings=tuple(found))


def _resource(access: Access, given: str) -> str:
    if given == "*" or given.startswith("arn:"):
        return access.synthesis.named(given)
    for target in access.targets:
        if given in (target.name, target.source.path):
            return target.arns[0]
    raise AccessError(f"{given!r} is neither an ARN, `*`, nor <stack>/<address> of a resource with a policy of its own")


def _targets(access: Access, action: str, resource: str, account: str | None) -> Iterator[Target]:
    for target in access.targets:
        asked = account in (None, target.account) and meet(action.partition(":")[0], target.service)
        if (asked or (action == "*" and account in (None, target.account))) and any(
            meet(resource, arn) for arn in target.arns
        ):
            yield target


def _is(principal: Principal, wanted: str | None) -> bool:
    names = (principal.name, *principal.groups)
    return (
        wanted is None
        or any(fnmatchcase(name, wanted) for name in names)
        or (wanted.startswith("arn:") and meet(wanted, principal.arn))
    )


def _decisions(
    access: Access,
    principal: Principal,
    action: str,
    resource: str,
    targets: Sequence[Target],
    question: Question,
    rest: bool,
    facts: Facts,
) -> Iterator[tuple[Target | str, Decision]]:
    if lake.is_permission(action):
        yield from lake.decisions(access, principal, action, resource)
        return
    for target in targets:
        # Most resources of other accounts let nobody in: of them only somebody who was asked for is told.
        if question.principal or target.account == principal.account or _lets_in(principal, target, action):
            yield target, decide(principal, action, resource, target=target, facts=facts)
    # Of other accounts, and of roles, the stacks hold what there is, unless they hold nothing of the pattern.
    own = account_of(resource) in ("", principal.account) and not action.startswith("sts:")
    if rest and principal.account and question.account in (None, principal.account) and (own or not targets):
        yield resource, decide(principal, action, resource, facts=facts)


def _lets_in(principal: Principal, target: Target, action: str) -> bool:
    rules = (rule for policy in target.policies for rule in policy.concerning(action))
    return any(rule.allows and named(principal, rule) for rule in rules)


def _holdings(
    principal: Principal, decisions: Iterable[tuple[Target | str, Decision]], chains: Chains
) -> Iterator[Holding]:
    """One for all resources on which the same is decided for the same reasons."""
    alike: dict[Holding, list[str]] = {}
    via = tuple(sorted(" -> ".join(step.name for step in path) for path in chains.to(principal)))
    for on, one in decisions:
        own = {id(rule) for policy in on.policies for rule in policy.rules} if isinstance(on, Target) else set()
        holding = Holding(
            principal=principal.name,
            kind=principal.kind,
            people=principal.groups,
            outcome=one.outcome,
            on=(),
            ways=tuple(
                Passage(
                    by=tuple(_told(rule, own) for rule in way.rules if rule.document != OWN_ACCOUNT),
                    conditions=way.conditions,
                )
                for way in one.ways
            ),
            via=via if one.outcome is not Outcome.DENIED else (),
            because=f"{one.because}: {one.denial}" if one.denial else one.because,
        )
        alike.setdefault(holding, []).append(f"{on.arns[0]} ({on.source})" if isinstance(on, Target) else on)
    for holding, resources in alike.items():
        yield holding.model_copy(update={"on": tuple(sorted(set(resources)))})


def _told(rule: Rule, own: set[int]) -> str:
    """The statement; one of the resource's own policy without its place, which is the resource's."""
    return f"{rule.document} {rule.sid} of the resource" if id(rule) in own else str(rule)
