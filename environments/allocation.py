"""Whose the costs of this organisation are: its teams, products, data domains and platform, as costs know them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from environments.model import Account, Organization
from environments.vocabulary import STAGES
from modules.cost_reporting.allocation import (
    Allocation,
    ProductCosts,
    SharedCosts,
    TeamCosts,
    allocate,
)


def allocation(organization: Organization, account_id: Callable[[Account], str]) -> Allocation:
    """The allocation of all costs. `account_id` tells the id of an account, maybe as a Terraform reference."""
    split = organization.settings("org").cost_reporting.split
    teams = (
        TeamCosts(team.name, team.line_of_business, _ids(_owned(organization, team=team.name), account_id))
        for team in organization.teams
    )
    names = {domain.account for domain in organization.domains}
    owned_by_domains = (each for name in sorted(names) for each in _only_of_domains(organization, name))
    shared = SharedCosts(
        domains=tuple(domain.name for domain in organization.domains),
        domain_accounts=_ids(owned_by_domains, account_id),
        platform_accounts=_ids((each for each in organization.accounts if _of_the_platform(each)), account_id),
    )
    return allocate(tuple(teams), products(organization), shared, method=split.method, percent=split.percent)


def products(organization: Organization) -> tuple[ProductCosts, ...]:
    """Every product with its projects, by name; those whose projects have ended are among them."""
    found: dict[str, list[str]] = {}
    teams = {}
    for project in organization.projects:
        found.setdefault(project.product_name, []).append(project.project)
        teams[project.product_name] = project.team
    return tuple(ProductCosts(name, teams[name], tuple(found[name])) for name in sorted(found))


def _owned(organization: Organization, *, team: str) -> Iterable[Account]:
    """The accounts that `team` alone works in."""
    domains = {domain.account for domain in organization.domains}
    return (
        each
        for each in organization.accounts
        if each.team == team and each.name not in domains and not _of_the_platform(each)
    )


def _only_of_domains(organization: Organization, name: str) -> Iterable[Account]:
    """The account called `name`, unless teams work in it, or the platform."""
    account = organization.account(name)
    working = {team.account(stage) for team in organization.teams for stage in STAGES}
    return () if account.name in working or _of_the_platform(account) else (account,)


def _of_the_platform(account: Account) -> bool:
    return any(role not in ("ml-team", "data-domain") for role in account.roles)


def _ids(accounts: Iterable[Account], account_id: Callable[[Account], str]) -> tuple[str, ...]:
    return tuple(account_id(each) for each in accounts)
