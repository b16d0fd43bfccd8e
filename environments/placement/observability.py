"""The log archive and the organisation trail."""

from __future__ import annotations

from collections.abc import Iterator

from environments.node import Node
from environments.placement.site import Site
from modules.foundations.contract import OrganizationContract
from modules.observability.contract import LogArchiveContract


def place(site: Site) -> Iterator[Node]:
    """The archive in its account; the trail in the management account, unless Control Tower has one."""
    management = site.management
    archive = site.organization.account_for("log-archive", "org")
    logs = {**site.access(archive), OrganizationContract: site.tree}
    yield site.node("logs", archive, logs, module="observability")
    if site.organization.settings("org").observability.trail.source == "mlgov":
        trail = {**site.access(management), LogArchiveContract: site.id(archive, "logs"), **site.ids(archive)}
        yield site.node("trail", management, trail, module="observability")
