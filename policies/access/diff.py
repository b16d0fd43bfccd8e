"""What a change opens and closes: two syntheses compared by what their statements let people and roles do.

Only what IAM's decision lets pass is told: a grant that something else denies opens nothing. What somebody can do by
becoming a role is told of the role, and that they can become it as `sts:AssumeRole`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Literal, NamedTuple

from policies.access.atoms import Atom, atoms, managed, narrower, uncovered
from policies.access.decide import Decision, decide
from policies.access.granted import granted
from policies.access.model import Access, Principal, Target
from policies.access.naming import named
from policies.access.outsiders import outsiders
from policies.access.rules import Document, Rule
from policies.errors import AccessError
from policies.record import Frozen

Direction = Literal["opened", "closed"]


class Change(Frozen):
    """A request that is let pass now, or no longer, for these principals. `by` is the statement that came or went.

    Of a table that Lake Formation grants: the columns that they read now and did not, and the filter of its rows.
    """

    direction: Direction
    action: str
    resource: str
    principals: tuple[str, ...]
    conditions: tuple[str, ...]
    by: str
    columns: tuple[str, ...] = ()
    rows: str = ""


class Difference(Frozen):
    """All changes, the opened ones first, by action and resource."""

    changes: tuple[Change, ...]

    def of(self, direction: Direction) -> tuple[Change, ...]:
        """The changes of one direction."""
        return tuple(change for change in self.changes if change.direction == direction)


class _What(NamedTuple):
    """All of a change but its direction and principals."""

    action: str
    resource: str
    conditions: tuple[str, ...]
    by: str
    columns: tuple[str, ...] = ()
    rows: str = ""


def difference(old: Access, new: Access) -> Difference:
    """What the new synthesis lets pass that the old did not, and the other way round.

    Raises AccessError when they are of two organisations, which share nothing that could change.
    """
    names = [side.synthesis.organization["name"] for side in (old, new)]
    if names[0] != names[1]:
        raise AccessError(f"OLD is a synthesis of {names[0]}, NEW of {names[1]}: name two of one organisation")
    found: dict[tuple[Direction, _What], set[str]] = {}
    sides: tuple[tuple[Direction, Access, Access], ...] = (("opened", old, new), ("closed", new, old))
    for direction, before, after in sides:
        earlier = {principal.name: principal for principal in before.principals}
        for principal in after.principals:
            for what in _more(earlier.get(principal.name), principal):
                found.setdefault((direction, what), set()).add(principal.name)
        for who, what in (*_let_in(before, after), *_granted(before, after)):
            found.setdefault((direction, what), set()).add(who)
    changes = [
        Change(direction=direction, principals=tuple(sorted(who)), **what._asdict())
        for (direction, what), who in found.items()
    ]
    changes.sort(key=_order)
    return Difference(changes=tuple(changes))


def _order(change: Change) -> tuple[object, ...]:
    return change.direction != "opened", change.action, change.resource, change.conditions, change.by, change.rows


def _more(before: Principal | None, after: Principal) -> Iterator[_What]:
    """What the principal can do after that it could not before, by its own policies and what bounds them."""
    held = before.groups if before else ()
    for group in after.groups:
        if group not in held:
            yield _What("sign in", after.name, (), f"{group} holds it ({after.source})")
    for name in sorted(managed(after.identity) - (managed(before.identity) if before else frozenset())):
        yield _What(name, "*", (), f"attached to {after.name}")
    own, earlier = atoms(after.identity), atoms(before.identity) if before else {}
    for atom in uncovered((atom for atom in own if atom.allows), (atom for atom in earlier if atom.allows)):
        yield from _passing(_alone(after, own[atom]), atom.action, atom.resource, own[atom], None)
    if before is None:
        return
    bounds, were = _bounds(after), _bounds(before)
    came = uncovered((atom for atom in bounds if atom.allows), (atom for atom in were if atom.allows))
    went = uncovered((atom for atom in were if not atom.allows), (atom for atom in bounds if not atom.allows))
    if before.boundary and not after.boundary:
        came.append(_EVERYTHING)
    for atom, rule in [*((atom, bounds.get(atom)) for atom in came), *((atom, were[atom]) for atom in went)]:
        yield from _within(before, after, atom, rule)


_EVERYTHING = Atom(True, ("*",), ("*",), False, False, (), False, frozenset())


def _bounds(principal: Principal) -> dict[Atom, Rule]:
    """The denials over the principal, and what its boundary grants."""
    boundary = [principal.boundary] if principal.boundary else []
    denials = {
        atom: rule for atom, rule in atoms((*principal.guardrails, *principal.identity)).items() if not atom.allows
    }
    return denials | atoms(boundary)


def _within(before: Principal, after: Principal, atom: Atom, rule: Rule | None) -> Iterator[_What]:
    """What the principal's own grants let it do in the area of a bound that came or went."""
    for grant in sorted({(one.action, one.resource) for one in _grants(after.identity)}):
        action, resource = narrower(grant[0], atom.action), narrower(grant[1], atom.resource)
        if action and resource:
            yield from _passing(after, action, resource, rule, before)


def _alone(principal: Principal, rule: Rule) -> Principal:
    """The principal as if it had no other grant; what it is denied stays."""
    denials = tuple(one for document in principal.identity for one in document.rules if not one.allows)
    return replace(principal, identity=(Document(rule.document, (rule, *denials)),))


def _grants(documents: Iterable[Document]) -> Iterator[Atom]:
    """What the documents allow. AWS's managed policies count as what they are asked for."""
    yield from (atom for atom in atoms(documents) if atom.allows)
    if managed(documents):
        yield _EVERYTHING


def _passing(
    after: Principal, action: str, resource: str, rule: Rule | None, before: Principal | None
) -> Iterator[_What]:
    """The request, if it passes now and, where there was a principal before, did not pass then as it does now."""
    now = decide(after, action, resource)
    then = decide(before, action, resource) if before else None
    for conditions in _new_ways(then, now):
        yield _What(action, resource, conditions, str(rule) if rule else "no permissions boundary")


def _new_ways(then: Decision | None, now: Decision) -> list[tuple[str, ...]]:
    """The conditions of each way that nothing before was as wide as."""
    earlier = [set(way.conditions) for way in then.ways] if then else []
    return [
        conditions
        for conditions in dict.fromkeys(way.conditions for way in now.ways)
        if not any(one <= set(conditions) for one in earlier)
    ]


def _let_in(before: Access, after: Access) -> Iterator[tuple[str, _What]]:
    """Who is let in by a resource policy that was not before."""
    earlier = {target.name: target for target in before.targets}
    were = {principal.name: principal for principal in before.principals}
    for target in after.targets:
        then = earlier.get(target.name)
        own, old = _policies(target), _policies(then) if then else {}
        came = uncovered((atom for atom in own if atom.allows), (atom for atom in old if atom.allows))
        went = uncovered((atom for atom in old if not atom.allows), (atom for atom in own if not atom.allows))
        changed: Mapping[Atom, Rule] = {**{atom: own[atom] for atom in came}, **{atom: old[atom] for atom in went}}
        for atom, rule in changed.items():
            for principal in (*after.principals, *outsiders(after, (target,), atom.action)):
                if named(principal, rule) and _is_news(principal, target, then, rule):
                    known = were.get(principal.name, principal)
                    for conditions in _changed(known, principal, atom, then, target):
                        yield principal.name, _What(atom.action, target.arns[0], conditions, str(rule))


def _granted(before: Access, after: Access) -> Iterator[tuple[str, _What]]:
    """What Lake Formation grants now and did not."""
    for who, grant, portion in granted(before, after):
        by = f"grant {grant.by} ({grant.source})" if grant.by else f"grant ({grant.source})"
        action = f"lakeformation:{grant.permission.upper()}"
        yield who, _What(action, portion.arn, portion.conditions, by, portion.columns, portion.rows)


def _is_news(principal: Principal, target: Target, then: Target | None, rule: Rule) -> bool:
    """A new resource lets its own account decide: that is no news of the account's principals."""
    return then is not None or principal.account != target.account or named(principal, rule) == "itself"


def _policies(target: Target) -> dict[Atom, Rule]:
    return atoms((*target.policies, *target.guardrails))


def _changed(
    before: Principal, after: Principal, atom: Atom, then: Target | None, target: Target
) -> list[tuple[str, ...]]:
    now = decide(after, atom.action, atom.resource, target=target)
    return _new_ways(decide(before, atom.action, atom.resource, target=then) if then else None, now)
