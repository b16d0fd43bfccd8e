"""The bill, a difference and a comparison as text, Markdown, CSV and JSON.

Amounts are rounded to cents where they are shown, and nowhere before: a sum may differ by a cent from its rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from policies.cost.bill import Bill, Line, Sum, usd
from policies.cost.diff import Change
from policies.cost.endpoints import ASSUMPTIONS, Comparison
from policies.cost.envelope import measured
from policies.cost.prices import PriceBook
from policies.cost.tables import Table

FORMATS = ("text", "markdown", "json", "csv")
VIEWS: Mapping[str, Callable[[Line], str]] = {
    "environment": lambda line: line.place.environment,
    "module": lambda line: line.place.module,
    "account": lambda line: line.place.account,
    "stack": lambda line: line.place.stack,
    "price": lambda line: line.what,
}
AGED_MONTHS = 12
MEANING = (
    "USD a month of 730 hours at list prices, without tax, free tier, discounts and use. Fixed: by what stands. "
    "Estimated: by the assumptions below. Awaited: once a version is released or a key rotated, "
    "and counted in the total."
)


def bill_page(
    found: Bill, book: PriceBook, envelopes: Mapping[str, int], today: date, *, form: str, views: Sequence[str]
) -> str:
    """What stands and what it costs, by the `views`. As CSV every line; as JSON the sums, too."""
    if form == "csv":
        return _lines(found).csv()
    tables = [_view(found, view, envelopes) for view in views]
    said = notes(found, book, today)
    if form == "json":
        return _json(
            {
                "currency": "USD",
                "envelopes": dict(envelopes),
                "notes": said,
                "total": _amounts(found.sum),
                **{view: {name: _amounts(own) for name, own in found.by(VIEWS[view]).items()} for view in views},
                "lines": [dict(zip(_LINE, row, strict=True)) for row in _lines(found).rows],
            }
        )
    head = f"Idle: {usd(found.sum.total)} USD a month, {len(found.places)} stacks"
    return _page(head, tables, said, form)


def diff_page(found: Sequence[Change], old: Bill, new: Bill, *, form: str) -> str:
    """What a change adds, by stack and then by price."""
    lines = Table(
        "By stack and price",
        ("stack", "environment", "what", "old", "new", "added"),
        tuple(
            (one.stack, one.environment, one.what, usd(one.old_usd), usd(one.new_usd), _signed(one.usd))
            for one in found
        ),
        words=3,
    )
    added = new.sum.total - old.sum.total
    if form == "csv":
        return lines.csv()
    if form == "json":
        rows = [dict(zip(lines.header, row, strict=True)) for row in lines.rows]
        return _json({"currency": "USD", "old": usd(old.sum.total), "new": usd(new.sum.total), "changes": rows})
    head = f"Idle: {_signed(added)} USD a month ({usd(old.sum.total)} to {usd(new.sum.total)})"
    return _page(head, [_changed_stacks(found), lines] if found else [], [MEANING.partition(" Fixed")[0]], form)


def endpoints_page(found: Sequence[Comparison], book: PriceBook, today: date, *, form: str) -> str:
    """Central and local interface endpoints side by side."""
    table = comparison_table(found)
    if form == "csv":
        return table.csv()
    said = [*ASSUMPTIONS, *_age(book, today)]
    if form == "json":
        return _json({"notes": said, "regions": [dict(zip(table.header, row, strict=True)) for row in table.rows]})
    saved = sum((one.saved_usd for one in found), Decimal(0))
    effect = f"save {usd(saved)} USD" if saved >= 0 else f"cost {usd(-saved)} USD more"
    word = f"Central endpoints {effect} a month" if found else "No endpoints are central here"
    return _page(f"{word}, before data", [table] if found else [], said, form)


def comparison_table(found: Iterable[Comparison]) -> Table:
    """A row for each region."""
    return Table(
        "Central and local endpoints",
        ("region", "endpoints", "interfaces", "VPCs", "central", "local", "saved", "even from VPCs", "even at GB"),
        tuple(
            (
                one.region,
                str(one.endpoints),
                str(one.interfaces),
                str(one.users),
                usd(one.central_usd),
                usd(one.local_usd),
                _signed(one.saved_usd),
                str(one.even_vpcs),
                f"{one.even_gigabytes:,.0f}",
            )
            for one in found
        ),
    )


def notes(found: Bill, book: PriceBook, today: date) -> list[str]:
    """What the amounts mean, what the estimates assume, and how old the prices are."""
    used = dict.fromkeys(line.price for line in found.lines if line.certainty == "estimated")
    assumed = (f"{price.what}: {price.assumption}." for price in map(book.price, sorted(used)))
    return [MEANING, *assumed, *_age(book, today), *_resting(found, book, today)]


def _age(book: PriceBook, today: date) -> Iterator[str]:
    each = book.by_region()
    if aged := sum(price.is_aged(region, today, AGED_MONTHS) for price, region in each):
        yield (
            f"{aged} of {len(each)} prices, by region, were never compared with AWS's, or last more than "
            f"{AGED_MONTHS} months ago: docs/costs.md says how to renew them."
        )


def _resting(found: Bill, book: PriceBook, today: date) -> Iterator[str]:
    """How much of a bill rests on such prices, and on which above all."""
    aged = Bill(
        tuple(line for line in found.lines if book.price(line.price).is_aged(line.place.region, today, AGED_MONTHS)),
        found.places,
    )
    if aged.sum.total:
        dearest = ", ".join(f"{what} {usd(own.total)}" for what, own in [*aged.by(lambda line: line.what).items()][:3])
        yield f"{usd(aged.sum.total)} USD of the {usd(found.sum.total)} rest on such prices (dearest: {dearest})."


def _view(found: Bill, view: str, envelopes: Mapping[str, int]) -> Table:
    header: tuple[str, ...] = (view, "fixed", "estimated", "awaited", "total")
    if view != "environment":
        rows = [(name, *_row(own)) for name, own in found.by(VIEWS[view]).items()]
        return Table(f"By {view}", header, (*rows, ("all", *_row(found.sum))))
    each = measured(envelopes, found)
    rows = [(name, *_row(own), "none" if limit is None else usd(Decimal(limit))) for name, (own, limit) in each.items()]
    return Table(f"By {view}", (*header, "envelope"), (*rows, ("all", *_row(found.sum), "")))


def _row(own: Sum) -> tuple[str, ...]:
    return tuple(usd(amount) for amount in (own.fixed, own.estimated, own.awaited, own.total))


def _amounts(own: Sum) -> dict[str, str]:
    return dict(zip(("fixed", "estimated", "awaited", "total"), _row(own), strict=True))


_LINE = ("stack", "account", "environment", "module", "region", "address", "price", "certainty", "number", "per", "usd")


def _lines(found: Bill) -> Table:
    return Table(
        "Lines",
        _LINE,
        tuple(
            (
                line.place.stack,
                line.place.account,
                line.place.environment,
                line.place.module,
                line.place.region,
                line.address,
                line.price,
                line.certainty,
                f"{line.number:f}",
                line.per,
                usd(line.usd),
            )
            for line in found.lines
        ),
    )


def _changed_stacks(found: Iterable[Change]) -> Table:
    sums: dict[str, Decimal] = {}
    for change in found:
        sums[change.stack] = sums.get(change.stack, Decimal(0)) + change.usd
    ranked = sorted(sums.items(), key=lambda item: (-abs(item[1]), item[0]))
    return Table("By stack", ("stack", "added"), tuple((stack, _signed(amount)) for stack, amount in ranked))


def _signed(amount: Decimal) -> str:
    return usd(amount) if amount < 0 else f"+{usd(amount)}"


def _page(head: str, tables: Sequence[Table], notes: Sequence[str], form: str) -> str:
    if form == "markdown":
        parts = [f"## {head}", *(table.markdown() for table in tables), "\n".join(f"- {note}" for note in notes)]
    else:
        parts = [head, *(table.text() for table in tables), "\n".join(notes)]
    return "\n\n".join(parts) + "\n"


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
