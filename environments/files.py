"""The shape of every YAML file of an organisation, key by key: what may be written, before it is put together."""

from __future__ import annotations

from string import Formatter
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from environments.adoption_settings import Adoption
from environments.delivery_settings import Delivery
from environments.vocabulary import Environment, Guardrails, Offboarding, Role, Stage, UnitKind
from modules.core.settings import (
    AccountId,
    AccountName,
    Cidr,
    DomainName,
    Email,
    OrganizationName,
    Partition,
    Phone,
    Region,
    Shape,
    Strict,
    TagValue,
    TeamName,
    Text,
    Title,
    UnitKey,
    distinct,
)
from modules.cost_reporting.settings import CostReportingSettings
from modules.data_lake.settings import Consumption, DataLakeSettings, DomainLake
from modules.feature_store.settings import FeatureStoreSettings
from modules.foundations.personas import PermissionSetName
from modules.foundations.settings import FoundationsSettings
from modules.ml_operations.settings import MlOperationsSettings
from modules.ml_platform.settings import MlPlatformSettings
from modules.ml_use_case.settings import MlUseCaseSettings
from modules.ml_use_case.studio_settings import TeamStudio
from modules.observability.settings import ObservabilitySettings


class Contact(Strict):
    """Whom AWS calls; becomes an alternate contact of every account."""

    name: Title
    title: Title
    email: Email
    phone: Phone


class Contacts(Strict):
    """The three alternate contacts that AWS knows."""

    security: Contact
    operations: Contact
    billing: Contact


def _placeholders(*needed: str) -> AfterValidator:
    """A pattern of a group's name: it holds each of the placeholders `needed`, maybe {organization}, and no other."""

    def check(pattern: str) -> str:
        try:
            fields = [name for _, name, form, conversion in Formatter().parse(pattern) if name is not None]
        except ValueError as error:
            raise ValueError("must have its braces in pairs") from error
        if not set(needed) <= set(fields) <= {*needed, "organization"} or set("!:") & set(pattern):
            raise ValueError(f"must hold {' and '.join(f'{{{name}}}' for name in needed)}, may hold {{organization}}")
        return pattern

    return AfterValidator(check)


class Identity(Strict):
    """IAM Identity Center: where its groups come from and what they are called; how long a session lasts, in hours.

    Its instance must exist in the home region: AWS lets it be switched on in the console alone. `team_attribute` is
    the user attribute that names the team, and may do so by an IdP's own word: `enterprise.department`.
    """

    enabled: bool = True
    source: Literal["identity-center", "external"] = "identity-center"
    team_attribute: Annotated[
        str, Shape(r"[A-Za-z][A-Za-z0-9_.-]*", "an attribute's path such as enterprise.department", 128)
    ] = "enterprise.department"
    team_groups: Annotated[Title, _placeholders("team", "persona")] = "{organization}-{team}-{persona}"
    platform_groups: Annotated[Title, _placeholders("persona")] = "{organization}-{persona}"
    session_hours: dict[PermissionSetName, Annotated[int, Field(ge=1, le=12)]] = Field(default_factory=dict)


class UnitEntry(Strict):
    """An organisational unit. `kind` and `guardrails` count for the units below too, until one says otherwise."""

    name: Title
    parent: UnitKey | None = None
    kind: UnitKind | None = None
    guardrails: Guardrails | None = None


class AccountEntry(Strict):
    """An account of the platform. Only a pinned account (one that exists already) states its `id`.

    It has a network in each region for which it has a CIDR: `cidr` is that of the home region.
    """

    email: Email
    environment: Environment
    roles: Annotated[tuple[Role, ...], AfterValidator(distinct)]
    unit: UnitKey | None = None
    id: AccountId | None = None
    cidr: Cidr | None = None
    other_cidrs: dict[Region, Cidr] = Field(default_factory=dict)


class TeamUnits(Strict):
    """Where a team's accounts are made."""

    dev: UnitKey
    test: UnitKey
    prod: UnitKey

    def of(self, stage: Stage) -> UnitKey:
        """The unit for the accounts of `stage`."""
        return {"dev": self.dev, "test": self.test, "prod": self.prod}[stage]


class Vending(Strict):
    """Where new accounts are made, by what they are for, and where they go when they are suspended."""

    team_units: TeamUnits
    domain_unit: UnitKey
    suspended_unit: UnitKey | None = None


class ModuleSettings(Strict):
    """The settings of every module, for one environment."""

    cost_reporting: CostReportingSettings = CostReportingSettings()
    data_lake: DataLakeSettings = DataLakeSettings()
    feature_store: FeatureStoreSettings = FeatureStoreSettings()
    foundations: FoundationsSettings = FoundationsSettings()
    ml_operations: MlOperationsSettings = MlOperationsSettings()
    ml_platform: MlPlatformSettings = MlPlatformSettings()
    ml_use_case: MlUseCaseSettings = MlUseCaseSettings()
    observability: ObservabilitySettings = ObservabilitySettings()


class OrganizationFile(ModuleSettings):
    """`organization.yaml`. Module settings here hold for every environment that does not override them."""

    name: OrganizationName
    partition: Partition = "aws"
    home_region: Region
    governed_regions: Annotated[tuple[Region, ...], Field(min_length=1), AfterValidator(distinct)]
    contacts: Contacts
    delivery: Delivery
    identity: Identity = Identity()
    units: dict[UnitKey, UnitEntry]
    accounts: dict[AccountName, AccountEntry]
    vending: Vending
    adopt: Adoption = Adoption()


class EnvironmentFile(ModuleSettings):
    """`dev.yaml`, `test.yaml`, `prod.yaml`: what this environment sets otherwise, key by key."""

    environment: Stage


class AccountSource(Strict):
    """An account for a team or data domain: a new one (`email`, with `id` when it exists already) or `use` of one."""

    use: AccountName | None = None
    email: Email | None = None
    id: AccountId | None = None
    cidr: Cidr | None = None
    other_cidrs: dict[Region, Cidr] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _new_or_used(self) -> Self:
        if (self.use is None) == (self.email is None):
            raise ValueError("must have either email (a new account) or use (the name of an account)")
        if self.use is not None and (self.id or self.cidr or self.other_cidrs):
            raise ValueError(
                "must not have id, cidr or other_cidrs beside use: they stand where the account is declared"
            )
        return self


class TeamAccounts(Strict):
    """A team has three accounts; a small organisation may `use` one account three times."""

    dev: AccountSource
    test: AccountSource
    prod: AccountSource

    def of(self, stage: Stage) -> AccountSource:
        """The account for `stage`."""
        return {"dev": self.dev, "test": self.test, "prod": self.prod}[stage]


MonthlyUsd = Annotated[int, Field(gt=0)]


class TeamBudgets(Strict):
    """What a team means to spend in a month, in US dollars; a stage that is left out has no budget."""

    dev: MonthlyUsd | None = None
    test: MonthlyUsd | None = None
    prod: MonthlyUsd | None = None

    def by_stage(self) -> dict[Stage, int]:
        """The budgets there are."""
        stages: dict[Stage, int | None] = {"dev": self.dev, "test": self.test, "prod": self.prod}
        return {stage: usd for stage, usd in stages.items() if usd is not None}


class TeamFile(Strict):
    """`teams/<team>.yaml`. `consumes` says what it reads of each data domain, `studio` who works there.

    `offboarding`: that it leaves.
    """

    team: TeamName
    line_of_business: TagValue
    owner: Email
    cost_center: TagValue
    accounts: TeamAccounts
    consumes: dict[DomainName, Consumption] = Field(default_factory=dict)
    studio: TeamStudio = TeamStudio()
    monthly_budget_usd: TeamBudgets = TeamBudgets()
    offboarding: Offboarding | None = None


class DomainFile(DomainLake):
    """`domains/<domain>.yaml`: the account, and its part of the lake. `offboarding` is there when it is given up."""

    domain: DomainName
    owner: Email
    description: Text
    account: AccountSource
    derived_from: Annotated[tuple[DomainName, ...], AfterValidator(distinct)] = ()
    monthly_budget_usd: MonthlyUsd | None = None
    offboarding: Offboarding | None = None
