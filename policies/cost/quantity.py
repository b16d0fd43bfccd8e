"""What a rule says: so many subjects at a price."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from policies.cost.world import Resource, World


@dataclass(frozen=True, slots=True)
class Quantity:
    """So many subjects at a price, with a size where the price has sizes. `note` says what is not obvious.

    `awaited` is what the resource will cost in time, as it stands.
    """

    price: str
    number: Decimal
    size: str = ""
    note: str = ""
    awaited: bool = False


Rule = Callable[[Resource, World], Iterator[Quantity]]


def standing(world: World, kind: str, region: str) -> Decimal:
    """How many of a type stand in a region."""
    return sum((one.instances for one in world.of(kind, region=region)), Decimal(0))


def is_first(resource: Resource, alike: list[Resource]) -> bool:
    """Whether it is the one of those like it that bears what AWS charges once for all of them."""
    return str(resource) == min(str(one) for one in alike)
