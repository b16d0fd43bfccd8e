"""What the organisation costs while nobody uses it, as the report shows it: amounts in cents, as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from policies.cost.bill import Sum, bill, usd
from policies.cost.endpoints import compare
from policies.cost.envelope import measured
from policies.cost.pages import VIEWS, comparison_table, notes
from policies.cost.prices import PriceBook
from policies.cost.world import World
from policies.errors import CostError

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Amount:
    """What something costs: by certainty, and all of it. See `policies.cost.bill` for the words."""

    name: str
    fixed: str
    estimated: str
    awaited: str
    total: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """An environment beside what it may cost; without an envelope `limit` is empty. `percent` is what is used of it."""

    amount: Amount
    limit: str
    percent: int

    @property
    def exceeded(self) -> bool:
        """Whether the gate fails for it."""
        return self.percent > 100


@dataclass(frozen=True, slots=True)
class Cost:
    """The page's section. With a `problem` there is nothing else: the sentence says what could not be priced."""

    problem: str = ""
    total: str = ""
    environments: tuple[Envelope, ...] = ()
    prices: tuple[Amount, ...] = ()
    accounts: tuple[Amount, ...] = ()
    stacks: tuple[Amount, ...] = ()
    endpoints_header: tuple[str, ...] = ()
    endpoints: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()


def view(manifest: Json, documents: Mapping[str, Json], book: PriceBook, today: date) -> Cost:
    """The cost of these stacks (id -> Terraform JSON)."""
    try:
        found = bill(manifest, documents, book)
        compared = comparison_table(compare(World(manifest, documents), book))
    except CostError as error:
        return Cost(problem=str(error))
    envelopes: Mapping[str, int] = manifest["idle_usd_per_month"]

    def by(name: str) -> tuple[Amount, ...]:
        return _amounts(found.by(VIEWS[name]).items())

    return Cost(
        total=usd(found.sum.total),
        environments=tuple(_envelope(*one) for one in measured(envelopes, found).items()),
        prices=by("price"),
        accounts=by("account"),
        stacks=by("stack"),
        endpoints_header=compared.header,
        endpoints=compared.rows,
        notes=(*notes(found, book, today),),
    )


def _amounts(sums: Iterable[tuple[str, Sum]]) -> tuple[Amount, ...]:
    """What costs something at all."""
    return tuple(_amount(name, own) for name, own in sums if own.total)


def _amount(name: str, own: Sum) -> Amount:
    return Amount(name, usd(own.fixed), usd(own.estimated), usd(own.awaited), usd(own.total))


def _envelope(name: str, own: tuple[Sum, int | None]) -> Envelope:
    spent, limit = own
    if limit is None:
        return Envelope(_amount(name, spent), "", 0)
    # Rounded up, so that a cent above is more than 100.
    percent = -(-spent.total * 100 // limit)
    return Envelope(_amount(name, spent), usd(Decimal(limit)), int(percent))
