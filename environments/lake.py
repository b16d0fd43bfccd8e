"""Who reads which data domain, as whom, from which account: what stacks of the data lake ask. No cdktf here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from environments.model import Account, Domain, Organization, Team
from environments.vocabulary import Role, Stage
from modules.data_lake.settings import ConsumerPersona, Consumption


@dataclass(frozen=True, slots=True)
class Desk:
    """A team at work in one of its accounts, with the stages that the account serves for it."""

    team: Team
    account: Account
    stages: tuple[Stage, ...]

    @property
    def name(self) -> str:
        """How edges call it."""
        return f"team {self.team.name} in {self.account.name}"

    @property
    def personas(self) -> tuple[ConsumerPersona, ...]:
        """Who of the team reads data there: people explore it in dev alone, jobs run everywhere."""
        return ("data-scientist", "pipeline") if "dev" in self.stages else ("pipeline",)


@dataclass(frozen=True, slots=True)
class Reader:
    """A team that reads `domain` from one of its accounts, as `personas`, as much as `consumption` says."""

    desk: Desk
    domain: Domain
    consumption: Consumption
    personas: tuple[ConsumerPersona, ...]


def desks(organization: Organization) -> Iterator[Desk]:
    """Every team in every one of its accounts that still works, sorted by team and account."""
    for team in organization.teams:
        for name, stages in team.stages_by_account.items():
            account = organization.account(name)
            if account.former is None:
                yield Desk(team, account, stages)


def working(organization: Organization) -> Iterator[Domain]:
    """Every data domain whose account still works, sorted by name."""
    return (each for each in organization.domains if organization.account(each.account).former is None)


def readers(organization: Organization) -> Iterator[Reader]:
    """Who reads which domain: a team that is leaving reads nothing, nor is a domain read that is given up."""
    domains = {domain.name: domain for domain in working(organization) if domain.offboarding is None}
    for desk in desks(organization):
        for name, consumption in desk.team.consumes.items():
            stages = [stage for stage in desk.stages if stage in consumption.stages]
            personas = tuple(
                each
                for each in desk.personas
                if each in consumption.personas and (each == "pipeline" or "dev" in stages)
            )
            if desk.team.offboarding is None and name in domains and stages and personas:
                yield Reader(desk, domains[name], consumption, personas)


def audited(organization: Organization) -> bool:
    """Whether the use of data can be asked for: of the platform's own trail, as Control Tower's lies elsewhere."""
    settings = organization.settings("org")
    return settings.data_lake.audit.enabled and settings.observability.trail.source == "mlgov"


def lake_accounts(organization: Organization) -> tuple[Account, ...]:
    """Every account with a Glue catalogue in use, sorted by name: it owns data there, or links to data."""
    roles: tuple[Role, ...] = ("data-governance", "feature-store", "data-domain", "ml-team")
    found = {account.name: account for role in roles for account in organization.with_role(role)}
    return tuple(found[name] for name in sorted(found))
