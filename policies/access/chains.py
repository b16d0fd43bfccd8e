"""Role chains: whom each principal can become by sts:AssumeRole, in as many steps as it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from policies.access.decide import Outcome, decide
from policies.access.model import Access, Principal, Target
from policies.access.naming import named

ASSUME = "sts:assumerole"
Path = tuple[Principal, ...]


class Chains:
    """The chains of one synthesis. Conditions of a step do not end a chain: they may be met."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._trusts: dict[str, Target] = {target.name: target for target in access.targets if target.service == "sts"}

    def paths(self, principal: Principal) -> Mapping[str, Path]:
        """Everybody that the principal can be, itself first, by name, with the shortest way there."""
        return self._paths.get(principal.name) or {principal.name: (principal,)}

    def to(self, principal: Principal) -> Iterator[Path]:
        """The shortest way of every other principal that can become this one."""
        for name, paths in self._paths.items():
            if name != principal.name and principal.name in paths:
                yield paths[principal.name]

    @cached_property
    def _paths(self) -> Mapping[str, Mapping[str, Path]]:
        """Of all principals that can become somebody else."""
        return {one.name: self._walked(one) for one in self._access.principals if one.name in self._steps}

    def _walked(self, principal: Principal) -> Mapping[str, Path]:
        found: dict[str, Path] = {principal.name: (principal,)}
        todo = [principal]
        while todo:
            here = todo.pop(0)
            for other in self._steps.get(here.name, ()):
                if other.name not in found:
                    found[other.name] = (*found[here.name], other)
                    todo.append(other)
        return found

    @cached_property
    def _steps(self) -> Mapping[str, tuple[Principal, ...]]:
        found: dict[str, list[Principal]] = {}
        for role in self._access.principals:
            target = self._trusts.get(role.name)
            if target is None:
                continue
            for one in self._access.principals:
                if one is not role and _trusted(one, target) and can_become(one, target):
                    found.setdefault(one.name, []).append(role)
        return {name: tuple(roles) for name, roles in found.items()}


def can_become(principal: Principal, role: Target) -> bool:
    """Whether the principal may assume the role."""
    return decide(principal, ASSUME, role.arns[0], target=role).outcome is not Outcome.DENIED


def _trusted(principal: Principal, role: Target) -> bool:
    """Whether a statement of the trust names the principal in some way: cheaper to ask than the whole decision."""
    rules = (rule for document in role.policies for rule in document.concerning(ASSUME))
    return any(rule.allows and named(principal, rule) for rule in rules)
