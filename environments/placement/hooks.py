"""Hooks of CloudFormation."""

from __future__ import annotations

from collections.abc import Iterator

from environments.node import Node
from environments.placement.site import Site


def place(site: Site) -> Iterator[Node]:
    """Where teams work, in every governed region; the management account launches nothing for them."""
    for account in site.organization.with_role("ml-team"):
        if site.organization.settings(account.environment).foundations.hooks.enabled:
            for region in site.regions:
                yield site.node("hooks", account, site.access(account), region=region)
