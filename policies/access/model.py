"""Who has what: principals with all that bounds them, and resources with their own policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from policies.access.conditions import Facts
from policies.access.rules import Document, Source
from policies.access.stacks import Synthesis

# session: people of a permission set, in an account. made: a role that AWS makes because a stack asks for it. The last
# three are let in by resource policies alone: a service of AWS, an identity provider, an account of somebody else.
PrincipalKind = Literal["session", "role", "made", "user", "service", "federated", "outside"]


@dataclass(frozen=True, eq=False)
class Principal:
    """Somebody who can make requests. `name` is `<account>/<role, user or permission set>`, `arn` a pattern.

    `guardrails` are the service control policies over the account, `groups` the people behind a session.
    """

    kind: PrincipalKind
    name: str
    account: str
    arn: str
    source: Source
    facts: Facts
    identity: tuple[Document, ...] = ()
    boundary: Document | None = None
    boundary_arn: str = ""
    guardrails: tuple[Document, ...] = ()
    groups: tuple[str, ...] = ()
    trust: Document | None = None


@dataclass(frozen=True, eq=False)
class Target:
    """A resource of the stacks. `arns` are patterns: itself, and what lies in it.

    `policies` are its resource policies, `guardrails` the resource control policies over its account, `facts` what AWS
    tells of it in a request. `delegates`: see `policies.access.kinds.Kind`.
    """

    service: str
    name: str
    account: str
    arns: tuple[str, ...]
    source: Source
    facts: Mapping[str, tuple[str, ...]]
    policies: tuple[Document, ...] = ()
    guardrails: tuple[Document, ...] = ()
    delegates: bool = False


@dataclass(frozen=True, slots=True)
class Portion:
    """What of one thing a grant opens: `columns` of a table and not those `without`; of its rows those of a filter.

    Both are empty where no stack says which columns there are. `conditions` must come true before it is open.
    `unseen`: its ARN stands for what matches it and no stack holds.
    """

    arn: str
    columns: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    rows: str = ""
    conditions: tuple[str, ...] = ()
    unseen: bool = False


@dataclass(frozen=True)
class Grant:
    """A permission (lower case) that Lake Formation grants to a principal's ARN, `by` LF-Tags or a filter."""

    principal: str
    permission: str
    portions: tuple[Portion, ...]
    by: str
    account: str
    source: Source


@dataclass(frozen=True)
class Access:
    """All of it, sorted by name."""

    synthesis: Synthesis
    principals: tuple[Principal, ...]
    targets: tuple[Target, ...]
    grants: tuple[Grant, ...] = ()
    catalogued: frozenset[str] = frozenset()  # ARNs of what the stacks hold of Glue catalogues

    @cached_property
    def by_service(self) -> Mapping[str, tuple[Target, ...]]:
        """The targets by the service of IAM that they are of."""
        found: dict[str, list[Target]] = {}
        for target in self.targets:
            found.setdefault(target.service, []).append(target)
        return {service: tuple(targets) for service, targets in found.items()}
