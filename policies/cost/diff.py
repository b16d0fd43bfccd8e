"""What a change adds to the bill: two syntheses compared, stack by stack and line by line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from policies.cost.bill import Bill, Line


@dataclass(frozen=True, slots=True)
class Change:
    """What differs at one price of one stack, in USD a month."""

    stack: str
    environment: str
    what: str
    old_usd: Decimal
    new_usd: Decimal

    @property
    def usd(self) -> Decimal:
        """What is added; negative where it costs less."""
        return self.new_usd - self.old_usd


def changes(old: Bill, new: Bill) -> tuple[Change, ...]:
    """Every price of every stack that differs, the greatest difference in front."""
    before, after = _sums(old.lines), _sums(new.lines)
    found = [
        Change(*key, before.get(key, Decimal(0)), after.get(key, Decimal(0)))
        for key in before.keys() | after.keys()
        if before.get(key, Decimal(0)) != after.get(key, Decimal(0))
    ]
    return tuple(sorted(found, key=lambda change: (-abs(change.usd), change.stack, change.what)))


def _sums(lines: Iterable[Line]) -> dict[tuple[str, str, str], Decimal]:
    sums: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[line.place.stack, line.place.environment, line.what] += line.usd
    return sums
