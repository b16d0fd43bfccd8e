"""The security services: switched on, delegated, and organisation-wide, in every governed region."""

from __future__ import annotations

from collections.abc import Iterator

from environments.administrators import security_administrator
from environments.node import Node
from environments.placement.site import Site
from modules.foundations.contract import OrganizationContract
from modules.foundations.security.contract import DetectionContract


def place(site: Site) -> Iterator[Node]:
    """Detection in the security tooling account, delegation in the management account, then security.

    In that order: AWS would switch the services on as it delegates them, and Terraform could not make them then; and
    only an administrator may set up the organisation. A management account that has the role of security tooling
    cannot delegate to itself.
    """
    organization = site.organization
    tooling, management = organization.account_for("security-tooling", "org"), site.management
    administrator = security_administrator(organization)
    for region in site.regions:
        detection = site.id(tooling, "detection", region)
        edges = {**site.access(tooling), DetectionContract: detection}
        after = [site.tree]
        yield site.node("detection", tooling, site.access(tooling), region=region, after=(site.tree,))
        if administrator is not None:
            yield site.node(
                "delegation",
                management,
                {**site.access(management), **site.ids(administrator)},
                region=region,
                after=(site.tree, detection),
            )
            after.append(site.id(management, "delegation", region))
            at_home = region == organization.home_region
            edges |= {OrganizationContract: site.tree} if at_home else site.ids(*organization.accounts)
        yield site.node("security", tooling, edges, region=region, after=after)
