"""Which stacks stand where: one file for each area, each a function from the organisation to its stacks."""

from __future__ import annotations

from collections.abc import Iterator

from environments.model import Organization
from environments.node import Node
from environments.placement import foundations, identity, network, observability, spokes
from environments.placement.site import Site

AREAS = (foundations.place, identity.place, network.place, observability.place, spokes.place)


def place(organization: Organization) -> Iterator[Node]:
    """Every stack of the organisation. The order does not matter; the edges do."""
    site = Site(organization)
    for area in AREAS:
        yield from area(site)
