"""The network's hub in every region with networks."""

from __future__ import annotations

from collections.abc import Iterator

from environments.node import Node
from environments.placement.site import Site
from modules.foundations.contract import OrganizationContract
from modules.observability.contract import LogArchiveContract


def place(site: Site) -> Iterator[Node]:
    """The hub in the network account."""
    organization = site.organization
    archive = organization.account_for("log-archive", "org")
    account = organization.account_for("network", "org")
    access = site.access(account)
    for region in organization.network_regions:
        logs = {OrganizationContract: site.tree, LogArchiveContract: site.id(archive, "logs")}
        yield site.node("hub", account, {**access, **logs, **site.ids(archive)}, region=region)
