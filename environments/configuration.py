"""The files of an organisation beside each other: each valid in itself, not yet checked against the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel

from environments.files import AccountEntry, AccountSource, DomainFile, OrganizationFile, TeamFile
from environments.model import Account
from environments.project import Project
from environments.reading import DOMAINS, ORGANIZATION, TEAMS
from environments.vocabulary import STAGES, Environment, Offboarding, Role, Stage
from environments.yaml_tree import Node, Path, dotted
from modules.core.errors import Problem
from modules.feature_store.schema import SchemaLock
from modules.feature_store.settings import FeatureGroupSpec

Content = TypeVar("Content", bound=BaseModel, covariant=True)
DOMAIN_ENVIRONMENT: Environment = "prod"


@dataclass(frozen=True, slots=True)
class Parsed(Generic[Content]):
    """A file: its content, and the tree that knows the lines."""

    content: Content
    tree: Node


@dataclass(frozen=True, slots=True)
class Place:
    """A value in a file, to tell problems of."""

    tree: Node
    path: Path

    def problem(self, message: str, *below: str | int) -> Problem:
        """A problem of this value, or of the value `below` it."""
        return self.tree.problem(self.path + below, message)

    def within(self, file: str) -> str:
        """File, line and YAML path. `file` is told instead of the one read: no folder of this machine is in it."""
        return f"{file}:{self.tree.find(self.path).line} {dotted(self.path)}"

    def __str__(self) -> str:
        node = self.tree.find(self.path)
        return f"{node.file}:{node.line}"


@dataclass(frozen=True, slots=True)
class Declared:
    """An account as it works, where it is written, and how far it is on its way out with the one it was made for."""

    account: Account
    place: Place
    offboarding: Offboarding | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a team or a data domain says which account it wants for an environment, and what it is for."""

    owner: str
    role: Role
    environment: Environment
    account: AccountSource
    vended_name: str
    unit: str
    place: Place
    offboarding: Offboarding | None

    @property
    def account_name(self) -> str:
        """The name of the account, new or used."""
        return self.account.use or self.vended_name

    @property
    def origin(self) -> str:
        """Where it is written, from the configuration folder on."""
        folder = TEAMS if self.role == "ml-team" else DOMAINS
        return self.place.within(f"{folder}/{self.owner}.yaml")


@dataclass(frozen=True, slots=True)
class Configuration:
    """The valid files, sorted by name.

    `stages` are the trees of the environments' files, without what `organization.yaml` says.
    `team_names`, `domain_names` and `feature_names` hold those of files that are not valid, too; `feature_lock` is
    None when it is not valid.
    """

    organization: Parsed[OrganizationFile]
    stages: Mapping[Stage, Node]
    teams: tuple[Parsed[TeamFile], ...]
    domains: tuple[Parsed[DomainFile], ...]
    features: tuple[Parsed[FeatureGroupSpec], ...]
    projects: tuple[Parsed[Project], ...]
    feature_lock: Parsed[SchemaLock] | None
    team_names: frozenset[str]
    domain_names: frozenset[str]
    feature_names: frozenset[str]

    @property
    def retired_features(self) -> dict[str, str]:
        """Central feature groups that have left, as the lock keeps them: name -> the team they were of."""
        locked = self.feature_lock.content.groups if self.feature_lock else {}
        return {name: group.team for name, group in locked.items() if group.stage == "retired"}

    def sources(self) -> Iterator[Source]:
        """What every team and domain says about its accounts."""
        vending = self.organization.content.vending
        for team in self.teams:
            name = team.content.team
            for stage in STAGES:
                place = Place(team.tree, ("accounts", stage))
                account = team.content.accounts.of(stage)
                unit = vending.team_units.of(stage)
                leaving = team.content.offboarding
                yield Source(name, "ml-team", stage, account, f"{name}-{stage}", unit, place, leaving)
        for domain in self.domains:
            name, account = domain.content.domain, domain.content.account
            place = Place(domain.tree, ("account",))
            unit = vending.domain_unit
            leaving = domain.content.offboarding
            yield Source(name, "data-domain", DOMAIN_ENVIRONMENT, account, f"data-{name}", unit, place, leaving)

    def declared(self) -> Iterator[Declared]:
        """Every account: those of `organization.yaml`, then those made for teams and data domains."""
        sources = tuple(self.sources())
        for name, entry in sorted(self.organization.content.accounts.items()):
            using = [each for each in sources if each.account.use == name and each.offboarding != "closed"]
            users = {(source.role, source.owner) for source in using}
            place = Place(self.organization.tree, ("accounts", name))
            account = Account(
                name=name,
                id=entry.id,
                email=entry.email,
                unit=entry.unit,
                environment=entry.environment,
                roles=tuple(sorted(entry.roles)),
                team=_only(users, "ml-team"),
                domain=_only(users, "data-domain"),
                networks=self._networks(entry),
                origins=(place.within(f"{ORGANIZATION}.yaml"), *(source.origin for source in using)),
            )
            yield Declared(account, place)
        for source in sources:
            if source.account.email is not None:
                account = Account(
                    name=source.vended_name,
                    id=source.account.id,
                    email=source.account.email,
                    unit=source.unit,
                    environment=source.environment,
                    roles=(source.role,),
                    team=source.owner if source.role == "ml-team" else None,
                    domain=source.owner if source.role == "data-domain" else None,
                    networks=self._networks(source.account),
                    origins=(source.origin,),
                )
                yield Declared(account, source.place, source.offboarding)

    def _networks(self, entry: AccountEntry | AccountSource) -> dict[str, str]:
        home = {self.organization.content.home_region: entry.cidr} if entry.cidr else {}
        return {**home, **dict(sorted(entry.other_cidrs.items()))}


def _only(users: set[tuple[Role, str]], role: Role) -> str | None:
    owners = [owner for used_as, owner in users if used_as == role]
    return owners[0] if len(owners) == 1 else None
