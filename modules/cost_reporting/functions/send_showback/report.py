"""What a line of business is told of its month: a file, and a short text. Nothing here calls AWS."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

# What is asked of the view, in the order of the file's columns.
COLUMNS = ("line_of_business", "team", "product", "origin", "billed_cost", "amortized_cost")
OWN = "Own"
LINES = "lines.json"  # beside the sources: whom each line of business' report goes to
_MONTH = "%Y-%m"


@dataclass(frozen=True, slots=True)
class Line:
    """Where the reports of a line of business lie, below the prefix of all, and the name of its owners' topic."""

    folder: str
    topic: str


@dataclass(frozen=True, slots=True)
class Row:
    """What a team's product cost; `origin` says whose cost it was, where a part of what all share is charged."""

    line_of_business: str
    team: str
    product: str
    origin: str
    billed_cost: Decimal
    amortized_cost: Decimal

    @classmethod
    def of(cls, values: Sequence[str]) -> Row:
        """From the text that Athena gives, in the order of COLUMNS."""
        line, team, product, origin, billed, amortized = values
        return cls(line, team, product, origin, Decimal(billed), Decimal(amortized))


def month_before(day: date) -> str:
    """The month before that of `day`: `2026-10`."""
    return (day.replace(day=1) - timedelta(days=1)).strftime(_MONTH)


def checked(month: str) -> str:
    """`month` itself; raises ValueError unless it is a month such as 2026-10."""
    try:
        known = date.fromisoformat(f"{month}-01").strftime(_MONTH)
    except ValueError:
        known = None
    if known != month:
        raise ValueError(f"{month!r} is no month: write it as 2026-10")
    return month


def question(view: str, month: str) -> str:
    """What Athena is asked."""
    order = ", ".join(COLUMNS[:4])
    return f"SELECT {', '.join(COLUMNS)} FROM {view} WHERE billing_period = '{checked(month)}' ORDER BY {order}"


def by_line(rows: Iterable[Row], lines: Mapping[str, Line]) -> dict[str, list[Row]]:
    """The rows of every line of business, those without any included; raises ValueError for one that nobody knows."""
    found: dict[str, list[Row]] = {name: [] for name in lines}
    for row in rows:
        if row.line_of_business not in found:
            raise ValueError(f"costs of {row.line_of_business}, which has no topic: apply the stack that has the views")
        found[row.line_of_business].append(row)
    return found


def as_csv(rows: Sequence[Row]) -> bytes:
    """The file: amounts with two decimals, in the currency of the bill."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([getattr(row, column) for column in COLUMNS] for row in rows)
    return text.getvalue().encode()


def as_text(name: str, month: str, rows: Sequence[Row], uri: str) -> str:
    """The message: the sum, what of it is shared, what each team cost, and where the file lies."""
    teams: defaultdict[str, Decimal] = defaultdict(Decimal)
    shared: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        (teams if row.origin == OWN else shared)[row.team if row.origin == OWN else row.origin] += row.billed_cost
    total = sum((row.billed_cost for row in rows), Decimal(0))
    lines = [f"Costs of {name} in {month}, in the currency of the bill: {total:,.2f}", ""]
    lines += [f"  {team}: {cost:,.2f}" for team, cost in sorted(teams.items(), key=lambda each: (-each[1], each[0]))]
    lines += [f"  its part of {origin}: {cost:,.2f}" for origin, cost in sorted(shared.items())]
    lines += ["", f"By product, with what was used of Savings Plans and reservations: {uri}"]
    return "\n".join(lines) + "\n"
