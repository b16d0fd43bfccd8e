"""Which stacks stand where: one file for each area, each a function from the organisation to its stacks."""

from __future__ import annotations

from collections.abc import Iterator

from environments.model import Organization
from environments.node import Node
from environments.placement import foundations, identity, observability
from environments.placement.leaving import dismantled
from environments.placement.site import Site

AREAS = (foundations.place, identity.place, observability.place)


def place(organization: Organization) -> Iterator[Node]:
    """Every stack of the organisation. The order does not matter; the edges do.

    What stood only for accounts that are suspended now is there too, dismantled.
    """
    placed = list(_place(organization))
    yield from placed
    if (before := organization.unsuspended) != organization:
        yield from dismantled(Site(organization), placed, list(_place(before)))


def _place(organization: Organization) -> Iterator[Node]:
    site = Site(organization)
    for area in AREAS:
        yield from area(site)
