"""What a synthesis costs a month while nobody uses it: a line for each resource and price, and their sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from policies.cost.prices import MONTH, PARTITION, Price, PriceBook
from policies.cost.quantity import Quantity
from policies.cost.rules import RULES
from policies.cost.world import Place, Resource, World
from policies.errors import CostError

Json = Mapping[str, Any]
# fixed: by what stands. estimated: by what a price assumes of it. awaited: fixed, once what it waits for has come.
Certainty = Literal["fixed", "estimated", "awaited"]
NONE = Decimal(0)


def usd(amount: Decimal) -> str:
    """An amount in cents, rounded half up, as people read it."""
    return f"{amount.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


@dataclass(frozen=True, slots=True)
class Line:
    """What one resource costs at one price: `number` of `per` a month, each of `unit_usd`."""

    place: Place
    address: str
    price: str
    what: str
    certainty: Certainty
    number: Decimal
    per: str
    unit_usd: Decimal
    note: str

    @property
    def usd(self) -> Decimal:
        """USD a month, exact."""
        return self.number * self.unit_usd


@dataclass(frozen=True, slots=True)
class Sum:
    """USD a month by certainty."""

    fixed: Decimal = NONE
    estimated: Decimal = NONE
    awaited: Decimal = NONE

    @property
    def total(self) -> Decimal:
        """All of it: what is awaited counts as if it were there, so that nothing comes as a surprise."""
        return self.fixed + self.estimated + self.awaited

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Sum:
        """The sum of the lines."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for line in lines:
            found[line.certainty] += line.usd
        return cls(**found)


@dataclass(frozen=True, slots=True)
class Bill:
    """The lines of a synthesis, by stack, and every stack that was looked at."""

    lines: tuple[Line, ...]
    places: tuple[Place, ...]

    @property
    def sum(self) -> Sum:
        """What all costs."""
        return Sum.of(self.lines)

    def by(self, key: Callable[[Line], str]) -> dict[str, Sum]:
        """The sums by what `key` says of a line, the dearest in front."""
        groups: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            groups[key(line)].append(line)
        sums = {name: Sum.of(lines) for name, lines in groups.items()}
        return dict(sorted(sums.items(), key=lambda item: (-item[1].total, item[0])))

    def only(self, wanted: Callable[[Place], bool]) -> Bill:
        """The part of it that stands in the wanted stacks."""
        return Bill(
            tuple(line for line in self.lines if wanted(line.place)),
            tuple(place for place in self.places if wanted(place)),
        )


def bill(manifest: Json, documents: Mapping[str, Json], book: PriceBook) -> Bill:
    """The bill of the stacks (id -> Terraform JSON) of a manifest.

    Raises CostError, which lists all that cannot be priced: another partition, a type that stands in no list, a price
    that is missing for a region or size, a number that only Terraform knows.
    """
    if (partition := manifest["organization"]["partition"]) != PARTITION:
        raise CostError(f"policies/cost/prices.yaml has prices of the partition {PARTITION}, not of {partition}")
    world = World(manifest, documents)
    problems: dict[str, None] = {}
    lines: list[Line] = []
    for kind, resources in world.kinds.items():
        try:
            name = book.price_of(kind)
        except CostError as error:
            problems[f"{error} ({resources[0]})"] = None
            continue
        if name is None:
            continue
        for resource in resources:
            try:
                lines += _lines(resource, name, world, book)
            except CostError as error:
                problems[str(error)] = None
    if problems:
        raise CostError("; ".join(problems))
    lines.sort(key=lambda line: (line.place.stack, line.address, line.price))
    return Bill(tuple(lines), tuple(world.places.values()))


def _lines(resource: Resource, name: str, world: World, book: PriceBook) -> Iterator[Line]:
    rule = RULES.get(resource.kind)
    quantities = rule(resource, world) if rule else iter((Quantity(name, Decimal(1)),))
    for quantity in quantities:
        price = book.price(quantity.price)
        yield Line(
            place=resource.place,
            address=resource.address,
            price=price.price,
            what=price.what,
            certainty=_certainty(resource, quantity, price),
            number=quantity.number * resource.instances * _units(price),
            per=price.per,
            unit_usd=price.of(resource.place.region, quantity.size),
            note=quantity.note,
        )


def _certainty(resource: Resource, quantity: Quantity, price: Price) -> Certainty:
    if resource.awaited or quantity.awaited:
        return "awaited"
    return "fixed" if price.assumed is None else "estimated"


def _units(price: Price) -> Decimal:
    """How many units a month of one subject are."""
    return MONTH.get(price.per, Decimal(1)) if price.assumed is None else price.assumed
