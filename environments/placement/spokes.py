"""The networks of accounts: central endpoints and names, and a spoke for each account with workloads."""

from __future__ import annotations

from collections.abc import Iterator

from environments.model import Account
from environments.node import Node
from environments.placement.site import Edges, Site
from modules.foundations.contract import OrganizationContract
from modules.foundations.network.contract import DnsContract, HubContract
from modules.observability.contract import LogArchiveContract


def place(site: Site) -> Iterator[Node]:
    """In each region with networks: endpoints in the shared services account, a spoke in every other with a CIDR."""
    organization = site.organization
    archive = organization.account_for("log-archive", "org")
    for region in organization.network_regions:
        for central in organization.with_vpc("endpoints", region):
            yield site.node("endpoints", central, _edges(site, central, archive, region), region=region)
        for account in organization.with_vpc("network", region):
            central = organization.account_for("shared-services", account.environment)
            names: Edges = {DnsContract: site.id(central, "endpoints", region)}
            yield site.node("network", account, {**_edges(site, account, archive, region), **names}, region=region)


def _edges(site: Site, account: Account, archive: Account, region: str) -> Edges:
    hub = site.organization.account_for("network", account.environment)
    return {
        **site.access(account),
        HubContract: site.id(hub, "hub", region),
        LogArchiveContract: site.id(archive, "logs"),
        OrganizationContract: site.tree,
    }
