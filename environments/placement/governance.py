"""What holds for the whole organisation: its policies, and AWS Control Tower."""

from __future__ import annotations

from collections.abc import Iterator

from environments.landing_zone import shared_accounts
from environments.management_policies import management_policies
from environments.node import Node
from environments.placement.site import Site
from modules.foundations.contract import OrganizationContract


def place(site: Site) -> Iterator[Node]:
    """All in the management account: the policies, unless every one is switched off, and Control Tower, if on."""
    management = site.management
    edges = {**site.access(management), OrganizationContract: site.tree}
    if management_policies(site.organization):
        yield site.node("policies", management, edges)
    settings = site.organization.settings("org").foundations.landing_zone
    if settings.enabled:
        shared = shared_accounts(site.organization) if settings.integrated else ()
        yield site.node("landing-zone", management, {**site.access(management), **site.ids(*shared)}, after=[site.tree])
        yield site.node("control-tower", management, edges, after=[site.id(management, "landing-zone")])
