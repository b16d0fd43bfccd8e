"""What holds for the whole organisation: its policies."""

from __future__ import annotations

from collections.abc import Iterator

from environments.management_policies import management_policies
from environments.node import Node
from environments.placement.site import Site
from modules.foundations.contract import OrganizationContract


def place(site: Site) -> Iterator[Node]:
    """The policies, in the management account, unless every one is switched off."""
    management = site.management
    edges = {**site.access(management), OrganizationContract: site.tree}
    if management_policies(site.organization):
        yield site.node("policies", management, edges)
