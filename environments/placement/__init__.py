"""Which stacks stand where: one file for each area, each a function from the organisation to its stacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from environments.model import Organization
from environments.node import Node
from environments.placement import (
    config,
    cost_reporting,
    features,
    foundations,
    governance,
    hooks,
    identity,
    lake,
    ml_operations,
    ml_platform,
    ml_use_case,
    network,
    observability,
    security,
    spokes,
)
from environments.placement.leaving import dismantled
from environments.placement.site import Site
from modules.core.handshake import Handshake

AREAS = (
    config.place,
    cost_reporting.place,
    features.place,
    foundations.place,
    governance.place,
    hooks.place,
    identity.place,
    lake.place,
    ml_operations.place,
    ml_platform.place,
    ml_use_case.place,
    network.place,
    observability.place,
    security.place,
    spokes.place,
)


# Which stacks render the sides of edges between accounts.
HANDSHAKES: tuple[Callable[[Site], Iterator[Handshake]], ...] = (
    cost_reporting.handshakes,
    features.handshakes,
    lake.handshakes,
    ml_operations.handshakes,
    ml_platform.handshakes,
    observability.handshakes,
)


def handshakes(organization: Organization) -> Iterator[Handshake]:
    """Every edge between accounts, with the stack that renders each of its sides."""
    site = Site(organization)
    for area in HANDSHAKES:
        yield from area(site)


def place(organization: Organization) -> Iterator[Node]:
    """Every stack of the organisation. The order does not matter; the edges do.

    What stood only for accounts that are suspended now, or projects that have ended, is there too, dismantled.
    """
    placed = list(_place(organization))
    yield from placed
    if (before := organization.unsuspended) != organization:
        yield from dismantled(Site(organization), placed, list(_place(before)))


def _place(organization: Organization) -> Iterator[Node]:
    site = Site(organization)
    for area in AREAS:
        yield from area(site)
