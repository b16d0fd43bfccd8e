"""Places a graph on a plane: columns from left to right, few crossings, no line behind a box.

The way of Sugiyama, Tagawa and Toda (1981): what a line passes on its way has a place in each column between,
columns are sorted by the middle of their neighbours, then moved towards them. Lines of one source share their places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policies.report.implied import implied

SWEEPS = 12
GAP, LANE = 12, 6  # free pixels below a box, and below a line's place
WAY = 64  # pixels between columns, in which lines turn
Item = tuple[str, int]  # a box, or the place of the lines of a source in a column to its right


@dataclass(frozen=True, slots=True)
class Placed:
    """Where everything stands, in pixels from the top left. `at` are the top left corners of the boxes."""

    width: int
    height: int
    at: Mapping[str, tuple[int, int]]
    lines: Mapping[tuple[str, str], str]


def place(needs: Mapping[str, Sequence[str]], sizes: Mapping[str, tuple[int, int]]) -> Placed:
    """Boxes of the sizes (width, height) where lines from what is needed to what needs it go from left to right.

    `needs` is in an order in which each box stands behind what it needs. Edges that follow from others are left out.
    A column is as wide as its widest box.
    """
    hidden = implied(needs)
    edges = [(one, other) for other in needs for one in needs[other] if (one, other) not in hidden]
    column: dict[str, int] = {}
    for box in needs:
        column[box] = max((column[one] + 1 for one in needs[box]), default=0)
    columns, links = _with_lanes(column, edges)
    _sort(columns, links)
    top = _move(columns, links, column, sizes)
    widths = [
        max(sizes[name][0] for name, number in items if column[name] == number) for number, items in enumerate(columns)
    ]
    left = [sum(widths[:number]) + WAY * number for number in range(len(widths))]
    middle = {item: top[item] + _height(item, column, sizes) // 2 for items in columns for item in items}
    lines = {}
    for one, other in edges:
        way = [f"M{left[column[one]] + sizes[one][0]} {middle[one, column[one]]}"]
        for number in range(column[one] + 1, column[other] + 1):
            item = (one, number) if number < column[other] else (other, number)
            end, before = left[number], middle[(one, number - 1)]
            turn = end - WAY // 2
            way.append(f"H{end - WAY}C{turn} {before} {turn} {middle[item]} {end} {middle[item]}")
        lines[one, other] = "".join(way)
    at = {box: (left[number], top[box, number]) for box, number in column.items()}
    bottom = max((top[item] + _height(item, column, sizes) for items in columns for item in items), default=0)
    return Placed(sum(widths) + WAY * (len(widths) - 1), bottom, at, lines)


def _with_lanes(
    column: Mapping[str, int], edges: Sequence[tuple[str, str]]
) -> tuple[list[list[Item]], list[tuple[Item, Item]]]:
    """The items of each column, and what is joined from each column to the next."""
    columns: list[list[Item]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for box, number in column.items():
        columns[number].append((box, number))
    links: dict[tuple[Item, Item], None] = {}
    for one, other in edges:
        for number in range(column[one], column[other]):
            ahead = (one, number + 1) if number + 1 < column[other] else (other, number + 1)
            if ahead[0] == one and ahead not in columns[number + 1]:
                columns[number + 1].append(ahead)
            links[(one, number), ahead] = None
    return columns, list(links)


def _sort(columns: list[list[Item]], links: Sequence[tuple[Item, Item]]) -> None:
    """Order each column by its neighbours, to and fro, and keep the order with the fewest crossings."""
    before, after = _neighbours(links)
    best, fewest = [list(items) for items in columns], _crossings(columns, after)
    for sweep in range(SWEEPS):
        forth = sweep % 2 == 0
        for number in range(len(columns)) if forth else range(len(columns) - 1, -1, -1):
            near = before if forth else after
            beside = number - 1 if forth else number + 1
            if not 0 <= beside < len(columns):
                continue
            rank = {item: place for place, item in enumerate(columns[beside])}
            own = {item: place for place, item in enumerate(columns[number])}
            columns[number].sort(key=lambda item: _mean([rank[each] for each in near.get(item, ())], own[item]))
        if (crossings := _crossings(columns, after)) < fewest:
            best, fewest = [list(items) for items in columns], crossings
    columns[:] = best


def _neighbours(links: Sequence[tuple[Item, Item]]) -> tuple[dict[Item, list[Item]], dict[Item, list[Item]]]:
    before: dict[Item, list[Item]] = {}
    after: dict[Item, list[Item]] = {}
    for one, other in links:
        before.setdefault(other, []).append(one)
        after.setdefault(one, []).append(other)
    return before, after


def _crossings(columns: Sequence[Sequence[Item]], after: Mapping[Item, Sequence[Item]]) -> int:
    total = 0
    for number, items in enumerate(columns[:-1]):
        rank = {item: place for place, item in enumerate(columns[number + 1])}
        ends: list[int] = []
        for item in items:
            mine = [rank[each] for each in after.get(item, ())]
            total += sum(earlier > end for end in mine for earlier in ends)
            ends += mine
    return total


def _move(
    columns: Sequence[Sequence[Item]],
    links: Sequence[tuple[Item, Item]],
    column: Mapping[str, int],
    sizes: Mapping[str, tuple[int, int]],
) -> dict[Item, int]:
    """The top of each item: as near to its neighbours as the order and the gaps between items let it."""
    before, after = _neighbours(links)
    middle: dict[Item, float] = {}
    for items in columns:
        y = 0.0
        for item in items:
            high = _height(item, column, sizes)
            middle[item] = y + high / 2
            y += high + _gap(item, column)
    top: dict[Item, int] = {}
    for sweep in range(SWEEPS):
        for items in columns if sweep % 2 == 0 else reversed(columns):
            offsets, y = [], 0
            for item in items:
                offsets.append(y)
                y += _height(item, column, sizes) + _gap(item, column)
            wishes = []
            for item, offset in zip(items, offsets, strict=True):
                near = [*before.get(item, ()), *after.get(item, ())]
                wish = _mean([middle[each] for each in near], middle[item])
                wishes.append(wish - _height(item, column, sizes) / 2 - offset)
            for item, offset, start in zip(items, offsets, _rising(wishes), strict=True):
                top[item] = round(start) + offset
                middle[item] = top[item] + _height(item, column, sizes) / 2
    least = min(top.values(), default=0)
    return {item: y - least for item, y in top.items()}


def _rising(wishes: Sequence[float]) -> list[float]:
    """The numbers nearest to the wishes, by least squares, of which none is below the one before it."""
    pools: list[tuple[float, int]] = []
    for wish in wishes:
        value, count = wish, 1
        while pools and pools[-1][0] > value:
            other, number = pools.pop()
            value, count = (value * count + other * number) / (count + number), count + number
        pools.append((value, count))
    return [value for value, count in pools for _ in range(count)]


def _height(item: Item, column: Mapping[str, int], sizes: Mapping[str, tuple[int, int]]) -> int:
    return sizes[item[0]][1] if column[item[0]] == item[1] else 2


def _gap(item: Item, column: Mapping[str, int]) -> int:
    return GAP if column[item[0]] == item[1] else LANE


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
