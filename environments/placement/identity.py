"""IAM Identity Center."""

from __future__ import annotations

from collections.abc import Iterator

from environments.identity import assigned_accounts
from environments.node import Node
from environments.placement.site import Site


def place(site: Site) -> Iterator[Node]:
    """Permission sets and assignments, in the management account, where the organisation has Identity Center."""
    management = site.management
    if not site.organization.identity.enabled:
        return
    members = [account for account in assigned_accounts(site.organization) if account != management]
    boundaries = (site.id(account, "access") for account in members)  # which make the boundary of people
    yield site.node(
        "identity",
        management,
        {**site.access(management), **site.ids(*members)},
        after=(site.tree, *boundaries),
    )
