"""The organisation, and what every account has: access for Terraform and the baseline."""

from __future__ import annotations

from collections.abc import Iterator

from environments.node import Node
from environments.placement.config import baseline_edges
from environments.placement.site import Site
from modules.foundations.contract import CiContract, OrganizationContract


def place(site: Site) -> Iterator[Node]:
    """Bootstrap, organisation and guardrails in the management account; access and baseline in every account.

    The baseline stands in every governed region, abroad after home, where what is global in it is made.
    """
    management = site.management
    access = site.access(management)
    yield site.node("bootstrap", management, {})
    yield site.node("organization", management, access)
    yield site.node("guardrails", management, {**access, OrganizationContract: site.tree})
    for account in site.organization.accounts:
        if account != management:
            yield site.node("access", account, {CiContract: site.bootstrap, **site.ids(account)})
        config = baseline_edges(site, account)
        for region in site.regions:
            at_home = region == site.organization.home_region
            after = () if at_home else (site.id(account, "baseline"),)
            yield site.node("baseline", account, {**site.access(account), **config}, region=region, after=after)
