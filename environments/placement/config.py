"""AWS Config: the rules of the organisation, and what each account's recorder needs of the log archive."""

from __future__ import annotations

from collections.abc import Iterator

from environments.model import Account
from environments.node import Node
from environments.placement.site import Edges, Site
from modules.observability.contract import ConfigHistoryContract


def place(site: Site) -> Iterator[Node]:
    """Rules in the security tooling account, in every governed region, once all accounts record there."""
    organization = site.organization
    tooling = organization.account_for("security-tooling", "org")
    excluded = (
        organization.account(name) for name in organization.settings("org").foundations.config.excluded_accounts
    )
    edges = {**site.access(tooling), **site.ids(*excluded)}
    for region in site.regions:
        recording = [site.id(account, "baseline", region) for account in organization.accounts]
        yield site.node("config", tooling, edges, region=region, after=(site.tree, *recording))


def recorder_edges(site: Site, account: Account) -> Edges:
    """The edge from the account's recorder to the bucket of its history; none where Control Tower records."""
    if site.organization.settings(account.environment).foundations.config.recorder.source != "mlgov":
        return {}
    archive = site.organization.account_for("log-archive", "org")
    return {ConfigHistoryContract: site.id(archive, "logs"), **site.ids(archive)}
