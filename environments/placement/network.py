"""The network's hub in every region with networks, and the routes between them."""

from __future__ import annotations

from collections.abc import Iterator

from environments.node import Node
from environments.placement.site import Site
from modules.foundations.contract import OrganizationContract
from modules.foundations.network.contract import AttachmentContract, HubContract, SpokeContract
from modules.observability.contract import LogArchiveContract


def place(site: Site) -> Iterator[Node]:
    """Hub and routes in the network account. Routes come last, when every VPC of the region is attached."""
    organization = site.organization
    archive = organization.account_for("log-archive", "org")
    account = organization.account_for("network", "org")
    access = site.access(account)
    for region in organization.network_regions:
        logs = {OrganizationContract: site.tree, LogArchiveContract: site.id(archive, "logs")}
        yield site.node("hub", account, {**access, **logs, **site.ids(archive)}, region=region)
        (shared,) = organization.with_vpc("endpoints", region)
        yield site.node(
            "routes",
            account,
            {
                **access,
                HubContract: site.id(account, "hub", region),
                AttachmentContract: site.id(shared, "endpoints", region),
            },
            region=region,
            gathers={
                SpokeContract: [site.id(spoke, "network", region) for spoke in organization.with_vpc("network", region)]
            },
        )
