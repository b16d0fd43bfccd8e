"""AWS Config: the rules of the organisation, and what each account's recorder needs of the log archive."""

from __future__ import annotations

from collections.abc import Iterator

from environments.model import Account
from environments.node import Node
from environments.placement.site import Edges, Site
from modules.core.contract import Contract
from modules.foundations.contract import OrganizationContract
from modules.observability.contract import ConfigHistoryContract


def place(site: Site) -> Iterator[Node]:
    """Rules in the security tooling account, in every governed region, once all accounts record there."""
    organization, settings = site.organization, site.organization.settings("org").foundations.config
    tooling = organization.account_for("security-tooling", "org")
    edges: dict[type[Contract], str] = {**site.access(tooling)}
    edges |= site.ids(*map(organization.account, settings.excluded_accounts))
    if settings.repairs:
        edges[OrganizationContract] = site.tree
    for region in site.regions:
        recording = [site.id(account, "baseline", region) for account in organization.accounts]
        yield site.node("config", tooling, edges, region=region, after=(site.tree, *recording))


def baseline_edges(site: Site, account: Account) -> Edges:
    """What the account's baseline reads for AWS Config: where it delivers to, unless Control Tower records; and the
    id of the account where repairs ask for approval.
    """
    organization = site.organization
    edges: dict[type[Contract], str] = {}
    if organization.settings(account.environment).foundations.config.recorder.source == "mlgov":
        archive = organization.account_for("log-archive", "org")
        edges[ConfigHistoryContract] = site.id(archive, "logs")
        edges |= site.ids(archive)
    if organization.settings("org").foundations.config.repairs:
        edges |= site.ids(organization.account_for("security-tooling", "org"))
    return edges
