"""The organisation, put together and checked: what stacks, delivery and reports read. No YAML, no cdktf."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import Field

from environments.adoption_settings import Adoption
from environments.delivery_settings import Delivery
from environments.files import Contacts, Identity, ModuleSettings
from environments.project import Project
from environments.vocabulary import STAGES, Environment, Guardrails, Offboarding, PlatformRole, Role, Stage, UnitKind
from modules.core.settings import Strict
from modules.data_lake.settings import Consumption, DomainLake
from modules.feature_store.settings import FeatureGroupSpec
from modules.foundations.network.addresses import VpcKind
from modules.ml_use_case.studio_settings import TeamStudio

# Where an environment looks for an account it has none of its own: dev shares what test has.
_LOOKUP: Mapping[Environment, tuple[Environment, ...]] = {
    "org": ("org", "prod"),
    "dev": ("dev", "test", "org"),
    "test": ("test", "org"),
    "prod": ("prod", "org"),
}
# Accounts with these roles have a VPC of their own kind.
VPC_OF_ROLE: Mapping[Role, VpcKind] = {"network": "hub", "shared-services": "endpoints"}


class Unit(Strict):
    """An organisational unit with what it inherits. `parent` None: below the root."""

    key: str
    name: str
    parent: str | None
    kind: UnitKind | None
    guardrails: Guardrails


class Account(Strict):
    """An account. `id` None: the organisation stack's contract gives it. `unit` None: it stands in the root.

    `team` and `domain` are those the account belongs to alone; None when several use it or none does.
    `networks` holds the account's CIDR in each region in which it has a network, the home region first.
    A suspended account has no network, and nobody works in it, though it keeps what its roles gave it; `former` is
    what it was. `origins` says in which file, line and YAML path it is written, then where a team or a data domain
    takes it into use; files are named from the configuration folder on.
    """

    name: str
    id: str | None
    email: str
    unit: str | None
    environment: Environment
    roles: tuple[Role, ...]
    team: str | None = None
    domain: str | None = None
    networks: dict[str, str] = Field(default_factory=dict)
    former: Account | None = None
    origins: tuple[str, ...] = ()

    @property
    def vpcs(self) -> tuple[VpcKind, ...]:
        """The kinds of VPC that stand in the account wherever it has a network.

        The network account has the hub and the shared services account the central endpoints; one with another
        role beside, or with neither, has a spoke for what runs in it.
        """
        central: tuple[VpcKind, ...] = tuple(VPC_OF_ROLE[role] for role in self.roles if role in VPC_OF_ROLE)
        only_central = central and all(role in VPC_OF_ROLE for role in self.roles)
        return tuple(sorted(central if only_central else (*central, "network")))

    def suspended(self, unit: str | None) -> Account:
        """The account on its way out, in the quarantine unit `unit`."""
        return self.model_copy(update={"unit": unit, "networks": {}, "former": self})


class Team(Strict):
    """A line of business' ML team. `dev`, `test` and `prod` are names of accounts, not always different ones.

    With any stage of `offboarding` its people hold nothing any more; what it owns is there until the team is gone.
    `consumes` holds what it reads of each data domain, sorted by domain.
    `monthly_budget_usd` holds the stages that have a budget.
    """

    name: str
    line_of_business: str
    owner: str
    cost_center: str
    dev: str
    test: str
    prod: str
    consumes: dict[str, Consumption]
    studio: TeamStudio = TeamStudio()
    monthly_budget_usd: dict[Stage, int]
    offboarding: Offboarding | None = None

    def account(self, stage: Stage) -> str:
        """The name of the team's account for `stage`."""
        return {"dev": self.dev, "test": self.test, "prod": self.prod}[stage]

    @property
    def stages_by_account(self) -> Mapping[str, tuple[Stage, ...]]:
        """The stages that each of its accounts serves, the accounts sorted by name."""
        accounts = sorted({self.account(stage) for stage in STAGES})
        return {name: tuple(stage for stage in STAGES if self.account(stage) == name) for name in accounts}


class Domain(Strict):
    """A producer of data. `account` is the name of its account, `lake` its part of the data lake."""

    name: str
    owner: str
    description: str
    account: str
    derived_from: tuple[str, ...]
    lake: DomainLake
    monthly_budget_usd: int | None
    offboarding: Offboarding | None = None


Owner = TypeVar("Owner", Team, Domain)


class Organization(Strict):
    """A whole organisation that keeps every cross-file rule (`environments.rules`), as `load` returns it.

    Units, accounts, teams, domains, feature groups and projects are sorted by key or name, an account's roles by name.
    A team or domain that is closed is among none of them, nor are its projects; the accounts that were made for it are
    `closed`.
    `retired_features` are central feature groups that have left, whose data may be there still: name -> the team they
    were of.
    """

    name: str
    partition: str
    home_region: str
    governed_regions: tuple[str, ...]
    contacts: Contacts
    delivery: Delivery
    identity: Identity
    units: tuple[Unit, ...]
    accounts: tuple[Account, ...]
    teams: tuple[Team, ...]
    domains: tuple[Domain, ...]
    features: tuple[FeatureGroupSpec, ...] = ()
    retired_features: dict[str, str] = Field(default_factory=dict)
    projects: tuple[Project, ...] = ()
    module_settings: dict[Environment, ModuleSettings]
    suspended_unit: str | None = None
    closed: tuple[Account, ...] = ()
    adopt: Adoption = Adoption()

    @property
    def management(self) -> Account:
        """The management account; its id is always pinned."""
        return self.account_for("management", "org")

    @property
    def unsuspended(self) -> Organization:
        """The organisation as it was when the accounts and projects that have ended now still worked."""
        return self.model_copy(
            update={
                "accounts": tuple(account.former or account for account in self.accounts),
                "teams": tuple(_a_stage_before(team) for team in self.teams),
                "domains": tuple(_a_stage_before(domain) for domain in self.domains),
                "projects": tuple(_still_working(project) for project in self.projects),
            }
        )

    def settings(self, environment: Environment) -> ModuleSettings:
        """The module settings that hold in `environment`."""
        return self.module_settings[environment]

    def account(self, name: str) -> Account:
        """The account called `name`; raises LookupError when there is none."""
        for account in self.accounts:
            if account.name == name:
                return account
        raise LookupError(f"there is no account {name}")

    def team(self, name: str) -> Team:
        """The team called `name`; raises LookupError when there is none."""
        for team in self.teams:
            if team.name == name:
                return team
        raise LookupError(f"there is no team {name}")

    def domain(self, name: str) -> Domain:
        """The data domain called `name`; raises LookupError when there is none."""
        for domain in self.domains:
            if domain.name == name:
                return domain
        raise LookupError(f"there is no data domain {name}")

    def with_role(self, role: Role) -> tuple[Account, ...]:
        """Every account that works in `role`; one that is suspended does not."""
        return tuple(account for account in self.accounts if role in account.roles and account.former is None)

    @property
    def network_regions(self) -> tuple[str, ...]:
        """The governed regions in which any account has a network, the home region first."""
        used = {region for account in self.accounts for region in account.networks}
        return tuple(sorted(used, key=lambda region: (region != self.home_region, region)))

    def with_vpc(self, kind: VpcKind, region: str) -> tuple[Account, ...]:
        """Every account that has a VPC of this kind in `region`."""
        return tuple(account for account in self.accounts if region in account.networks and kind in account.vpcs)

    def account_for(self, role: PlatformRole, environment: Environment) -> Account:
        """The account that serves `environment` in `role`.

        That is the one of the same environment; else for dev the one of test; else that of `org` (for `org`:
        that of prod); else the only account with the role. Every environment of a loaded organisation has one.
        """
        account = serving(self.with_role(role), environment)
        if account is None:
            raise LookupError(f"no account with the role {role} serves {environment}")
        return account


def _still_working(project: Project) -> Project:
    serving = project.serving and project.serving.model_copy(update={"ended": False})
    return project.model_copy(update={"ended": False, "serving": serving})


def _a_stage_before(leaving: Owner) -> Owner:
    """The team or domain as it was before its accounts were suspended."""
    if leaving.offboarding != "suspended":
        return leaving
    return leaving.model_copy(update={"offboarding": "access-removed"})


def serving(candidates: tuple[Account, ...], environment: Environment) -> Account | None:
    """Of the accounts with one role, the one that serves `environment`, as `Organization.account_for` says."""
    for wanted in _LOOKUP[environment]:
        for account in candidates:
            if account.environment == wanted:
                return account
    return candidates[0] if len(candidates) == 1 else None
