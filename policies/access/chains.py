"""Role chains: whom each principal can become, in as many steps as it takes.

A step is `sts:AssumeRole`, or passing a role to a service that it trusts: what runs there then acts as the role, for
whoever let it run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from policies.access.conditions import Facts
from policies.access.decide import Outcome, decide
from policies.access.model import Access, Principal, Target
from policies.access.naming import named

ASSUME, PASS = "sts:assumerole", "iam:passrole"


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody on a chain, and the service that the role is passed to; empty where it is assumed, or is the start."""

    principal: Principal
    service: str = ""

    def __str__(self) -> str:
        people = f" ({', '.join(self.principal.groups)})" if self.principal.groups else ""
        return f"{self.principal.name}{people}" + (f" (passed to {self.service})" if self.service else "")


Path = tuple[Step, ...]


def shown(path: Path) -> str:
    """The chain as text."""
    return " -> ".join(map(str, path))


class Chains:
    """The chains of one synthesis. Conditions of a step do not end a chain: they may be met."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._trusts: dict[str, Target] = {target.name: target for target in access.targets if target.service == "sts"}

    def paths(self, principal: Principal) -> Mapping[str, Path]:
        """Everybody that the principal can be, itself first, by name, with the shortest way there."""
        return self._paths.get(principal.name) or {principal.name: (Step(principal),)}

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
        found: dict[str, Path] = {principal.name: (Step(principal),)}
        todo = [principal]
        while todo:
            here = todo.pop(0)
            for step in self._steps.get(here.name, ()):
                if step.principal.name not in found:
                    found[step.principal.name] = (*found[here.name], step)
                    todo.append(step.principal)
        return found

    @cached_property
    def _steps(self) -> Mapping[str, tuple[Step, ...]]:
        """Every step, those of STS before those that need a service."""
        assumed: dict[str, list[Step]] = {}
        passed: dict[str, list[Step]] = {}
        for role in self._access.principals:
            target = self._trusts.get(role.name)
            if target is None:
                continue
            services = _services(target)
            for one in self._access.principals:
                if one is role:
                    continue
                if _trusted(one, target) and can_become(one, target):
                    assumed.setdefault(one.name, []).append(Step(role))
                elif one.account == role.account and (service := _passed(one, target, services)):
                    passed.setdefault(one.name, []).append(Step(role, service))
        return {name: (*assumed.get(name, ()), *passed.get(name, ())) for name in {**assumed, **passed}}


def can_become(principal: Principal, role: Target) -> bool:
    """Whether the principal may assume the role."""
    return decide(principal, ASSUME, role.arns[0], target=role).outcome is not Outcome.DENIED


def _passed(principal: Principal, role: Target, services: tuple[str, ...]) -> str:
    """The first of the services to which the principal may pass the role; empty where there is none."""
    for service in services:
        facts = Facts({"iam:passedtoservice": (service,)})
        if decide(principal, PASS, role.arns[0], facts=facts).outcome is not Outcome.DENIED:
            return service
    return ""


def _services(role: Target) -> tuple[str, ...]:
    """The services that the role trusts."""
    rules = (rule for document in role.policies for rule in document.concerning(ASSUME) if rule.allows)
    return tuple(sorted({name for rule in rules for name in (rule.principals or {}).get("Service", ())}))


def _trusted(principal: Principal, role: Target) -> bool:
    """Whether a statement of the trust names the principal in some way: cheaper to ask than the whole decision."""
    rules = (rule for document in role.policies for rule in document.concerning(ASSUME))
    return any(rule.allows and named(principal, rule) for rule in rules)
