"""Where ML teams work: products launched in their accounts, Studio, and the build of each project."""

from __future__ import annotations

from collections.abc import Iterator

from environments.model import Account
from environments.node import Node
from environments.placement.site import Edges, Site
from environments.workplaces import (
    launching_accounts,
    portfolio_account,
    projects_at,
    release_account,
    serving_account,
    studios,
)
from modules.foundations.contract import BaselineContract, OrganizationContract
from modules.foundations.network.contract import SpokeContract

MODULE = "ml_use_case"


def place(site: Site) -> Iterator[Node]:
    """In each dev account: launch roles; for each team there Studio, once it has its roles; each project's build."""
    organization = site.organization
    for account in launching_accounts(organization):
        edges: Edges = {
            **site.access(account),
            **site.ids(portfolio_account(organization)),
            BaselineContract: site.id(account, "baseline"),
        }
        yield site.node("launch", account, edges, module=MODULE)
    for desk in studios(organization):
        account, team = desk.account, desk.team.name
        consumer = site.id(account, "consumer", subject=team)
        edges = _edges(site, account, serving_account(organization, desk), release_account(organization))
        away = account != release_account(organization)  # then a role of another account copies what is built
        copied: Edges = {OrganizationContract: site.tree} if away else {}
        yield site.node("studio", account, edges, subject=team, module=MODULE, after=[consumer])
        for project in projects_at(organization, desk):
            after = [consumer, *_registry(site, account, release_account(organization))]
            yield site.node("build", account, {**edges, **copied}, subject=project.project, module=MODULE, after=after)


def _registry(site: Site, account: Account, shared: Account) -> list[str]:
    """The stack of the central registry where it has the group of a project that is built in the same account."""
    return [site.id(shared, "models")] if account == shared else []


def _edges(site: Site, account: Account, *others: Account) -> Edges:
    return {
        **site.access(account),
        **site.ids(*others),
        BaselineContract: site.id(account, "baseline"),
        SpokeContract: site.id(account, "network"),
    }
