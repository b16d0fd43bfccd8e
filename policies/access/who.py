"""Who can do ACTION on RESOURCE: every principal with the people behind it, how, and under which conditions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from policies.access.chains import Chains, shown
from policies.access.decide import Decision, Outcome, Way
from policies.access.glob import meet
from policies.access.inquiry import Inquiry, facts
from policies.access.model import Access, Portion, Principal, Target
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
    """Statements that together let a request pass, and what it must meet.

    Of a table, where the stacks tell: the columns that it reads and those it does not, and the filter of its rows.
    """

    by: tuple[str, ...]
    conditions: tuple[str, ...]
    columns: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    rows: str = ""


class Holding(Frozen):
    """What one principal may do on these resources, in which ways; `via` are the role chains that end in it.

    `people` are the groups of a session; of a role the services and identity providers that it trusts.
    """

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
    resource = _resource(access, question.resource)
    inquiry = Inquiry(access, question.action.lower(), resource, facts(question.when), _accounts(question))
    principals = [*access.principals, *outsiders(access, inquiry.targets, inquiry.action)]
    asked = [one for one in principals if _is(one, question.principal)]
    if not asked:
        raise AccessError(
            f"no principal is like {question.principal!r}: name <account>/<role or permission set>, a group or an ARN"
        )
    chains = Chains(access)
    found: list[Holding] = []
    for principal in asked:
        decisions = list(inquiry.decisions(principal, everywhere=question.principal is not None))
        allowed = [(on, one) for on, one in decisions if one.outcome is not Outcome.DENIED]
        found += _holdings(principal, allowed or (decisions if question.principal else []), chains)
    return Answer(action=question.action, resource=resource, asked=len(asked), holdings=tuple(found))


def _accounts(question: Question) -> frozenset[str] | None:
    return frozenset({question.account}) if question.account else None


def _resource(access: Access, given: str) -> str:
    if given == "*" or given.startswith("arn:"):
        return access.synthesis.named(given)
    for target in access.targets:
        if given in (target.name, target.source.path):
            return target.arns[0]
    raise AccessError(f"{given!r} is neither an ARN, `*`, nor <stack>/<address> of a resource with a policy of its own")


def _is(principal: Principal, wanted: str | None) -> bool:
    names = (principal.name, *principal.groups)
    return (
        wanted is None
        or any(fnmatchcase(name, wanted) for name in names)
        or (wanted.startswith("arn:") and meet(wanted, principal.arn))
    )


def _holdings(
    principal: Principal, decisions: Iterable[tuple[Target | str, Decision]], chains: Chains
) -> Iterator[Holding]:
    """One for all resources on which the same is decided for the same reasons."""
    alike: dict[Holding, list[str]] = {}
    via = tuple(sorted(shown(path) for path in chains.to(principal)))
    for on, one in decisions:
        own = {id(rule) for policy in on.policies for rule in policy.rules} if isinstance(on, Target) else set()
        holding = Holding(
            principal=principal.name,
            kind=principal.kind,
            people=principal.groups or tuple(_entering(principal)),
            outcome=one.outcome,
            on=(),
            ways=tuple(_passage(way, own) for way in one.ways),
            via=via if one.outcome is not Outcome.DENIED else (),
            because=f"{one.because}: {one.denial}" if one.denial else one.because,
        )
        alike.setdefault(holding, []).append(f"{on.arns[0]} ({on.source})" if isinstance(on, Target) else on)
    for holding, resources in alike.items():
        yield holding.model_copy(update={"on": tuple(sorted(set(resources)))})


def _passage(way: Way, own: set[int]) -> Passage:
    portion = way.portion or Portion("")
    return Passage(
        by=tuple(_told(rule, own) for rule in way.rules if rule.document != OWN_ACCOUNT),
        conditions=way.conditions,
        columns=portion.columns,
        without=portion.without,
        rows=portion.rows,
    )


def _entering(role: Principal) -> Iterator[str]:
    """What a role's trust names beside principals of accounts: services, identity providers with the subjects."""
    for rule in role.trust.rules if role.trust else ():
        names = sorted(name for kind, named in (rule.principals or {}).items() if kind != "AWS" for name in named)
        tests = " and ".join(str(test) for test in rule.tests)
        for name in names if rule.allows else ():
            yield f"{name} if {tests}" if tests else name


def _told(rule: Rule, own: set[int]) -> str:
    """The statement; one of the resource's own policy without its place, which is the resource's."""
    return f"{rule.document} {rule.sid} of the resource" if id(rule) in own else str(rule)
