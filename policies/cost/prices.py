"""What AWS asks for: `prices.yaml` and `unpriced.yaml`, typed. In them every resource type has its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from policies.errors import CostError, reasons
from policies.record import Frozen
from policies.strict_yaml import YamlError, items

PRICES, UNPRICED = Path(__file__).with_name("prices.yaml"), Path(__file__).with_name("unpriced.yaml")
PARTITION = "aws"
# Units in a month, as AWS's calculator reckons; any other unit is what a month's quantity is counted in.
MONTH = {"hour": Decimal(730), "day": Decimal(730) / 24}
NOTHING = "nothing"


def _decimal(value: Any) -> Decimal:
    """A price is text in YAML: a number would pass through binary fractions."""
    if not isinstance(value, str):
        raise ValueError('must be text such as "0.011"')
    try:
        found = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{value!r} is no number") from None
    if not found.is_finite() or found < 0:
        raise ValueError(f"{value!r} is no amount")
    return found


Amount = Annotated[Decimal, BeforeValidator(_decimal)]
Regions = Annotated[dict[str, Amount], Field(min_length=1)]
# The day on which a number was last held against AWS's, or that it never was.
Day = date | Literal["never"]


class Price(Frozen):
    """One price. See the head of `prices.yaml` for the fields; either `usd` or `sizes`, and an assumption says why."""

    price: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    what: Annotated[str, Field(min_length=1)]
    per: Annotated[str, Field(min_length=1)]
    types: list[str]
    source: Annotated[str, Field(pattern=r"^https://aws\.amazon\.com/\S+$")]
    checked: Day | dict[str, Day]
    how: str = ""
    assumed: Amount | None = None
    assumption: str = ""
    usd: Regions | None = None
    sizes: Annotated[dict[str, Regions], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.usd is None) == (self.sizes is None):
            raise ValueError("must have either usd or sizes")
        if (self.assumed is None) != (not self.assumption):
            raise ValueError("must have assumed and assumption together")
        if isinstance(self.checked, dict) and self.checked.keys() != self.regions:
            raise ValueError(f"checked must name the regions that have a price: {', '.join(sorted(self.regions))}")
        if not self.how and any(self.compared(region) != "never" for region in self.regions):
            raise ValueError("must say how it was checked")
        return self

    @property
    def regions(self) -> frozenset[str]:
        """The regions of which it knows a price, of one size at least."""
        return frozenset(region for each in (self.sizes or {"": self.usd or {}}).values() for region in each)

    def compared(self, region: str) -> Day:
        """When its numbers of a region were last held against AWS's."""
        return self.checked[region] if isinstance(self.checked, dict) else self.checked

    def is_aged(self, region: str, today: date, months: int) -> bool:
        """Whether its numbers of a region were never held against AWS's, or last so many months ago or more."""
        day = self.compared(region)
        return day == "never" or _months(day, today) >= months

    def of(self, region: str, size: str = "") -> Decimal:
        """USD for one unit there. Raises CostError, which says where to add it, when that is not known."""
        regions = self.usd if self.sizes is None else self.sizes.get(size)
        if regions is None:
            raise CostError(f"price {self.price} has no size {size or '(none was named)'}: {_remedy(self)}")
        if region not in regions:
            of = f" of size {size}" if self.sizes else ""
            raise CostError(f"price {self.price}{of} has no region {region}: {_remedy(self)}")
        return regions[region]


class Unpriced(Frozen):
    """Types that cost nothing while idle, with what they are billed by once they are used."""

    billed: Annotated[str, Field(min_length=1)]
    types: Annotated[list[str], Field(min_length=1)]


class PriceBook:
    """Every price by name, and where each resource type stands."""

    def __init__(self, prices: Iterable[Price], unpriced: Iterable[Unpriced]) -> None:
        """Raises CostError for a price or a type that stands twice."""
        self.prices: dict[str, Price] = {}
        self.billed: dict[str, str] = {}
        self._price_of: dict[str, str] = {}
        for price in prices:
            if self.prices.setdefault(price.price, price) is not price:
                raise CostError(f"{PRICES.name}: price {price.price} stands twice")
            for kind in price.types:
                if self._price_of.setdefault(kind, price.price) != price.price:
                    raise CostError(f"{PRICES.name}: {kind} has two prices; price the second by a rule")
        for group in unpriced:
            for kind in group.types:
                if kind in self.billed or kind in self._price_of:
                    raise CostError(f"{UNPRICED.name}: {kind} stands twice, here or in {PRICES.name}")
                self.billed[kind] = group.billed

    def price(self, name: str) -> Price:
        """The price of this name. Raises CostError when there is none."""
        if name not in self.prices:
            raise CostError(f"there is no price {name}: add it to policies/cost/{PRICES.name}")
        return self.prices[name]

    def price_of(self, kind: str) -> str | None:
        """The name of the price of a resource type; None where it costs nothing when idle.

        Raises CostError for a type that stands nowhere: nothing is taken for free in silence.
        """
        if kind in self._price_of:
            return self._price_of[kind]
        if kind not in self.billed:
            raise CostError(
                f"{kind} is neither in policies/cost/{PRICES.name} nor in {UNPRICED.name}: "
                "add what it costs, or by what it is billed"
            )
        return None

    @property
    def types(self) -> frozenset[str]:
        """Every type that has its place."""
        return frozenset(self._price_of) | frozenset(self.billed)

    def by_region(self) -> tuple[tuple[Price, str], ...]:
        """Every price with each region of which it knows one."""
        return tuple((price, region) for price in self.prices.values() for region in sorted(price.regions))

    @classmethod
    def read(cls, prices: Path = PRICES, unpriced: Path = UNPRICED) -> Self:
        """The book of the two files. Raises CostError that lists every fault with file and line."""
        problems: list[str] = []
        found = list(_read(prices, Price, problems))
        rest = list(_read(unpriced, Unpriced, problems))
        if problems:
            raise CostError("; ".join(problems))
        return cls(found, rest)


@cache
def shipped() -> PriceBook:
    """The book of this package, read once in a process."""
    return PriceBook.read()


_T = TypeVar("_T", Price, Unpriced)


def _read(file: Path, model: type[_T], problems: list[str]) -> Iterator[_T]:
    try:
        entries = items(file.read_text(encoding="utf-8"))
    except YamlError as error:
        problems.append(f"{file.name}:{error.line} {error}")
        return
    for entry in entries:
        try:
            yield model.model_validate(entry.value)
        except ValidationError as error:
            problems += [f"{file.name}:{entry.line} {reason}" for reason in reasons(error)]


def _remedy(price: Price) -> str:
    return f"add it to policies/cost/{PRICES.name} from {price.source}"


def _months(earlier: date, later: date) -> int:
    """Whole months between two days."""
    months = 12 * (later.year - earlier.year) + later.month - earlier.month
    return months - (later.day < earlier.day)
