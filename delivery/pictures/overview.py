"""All stacks by account: how many in which wave of apply, and how many edges lead to which other account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from delivery.pictures.figure import MARGIN, SIZE, SMALL, Figure, headed
from delivery.pictures.flow import Arrow, Box, Flow, as_json
from delivery.pictures.metrics import width
from environments.graph import StackGraph
from environments.model import Account
from environments.tiers import tier
from environments.vocabulary import TIERS

ROW, CELL, HEAD = 26, 30, 40
_PLURAL = {"account": "accounts", "dependency": "dependencies", "stack": "stacks", "wave": "waves"}


@dataclass(frozen=True, slots=True)
class Row:
    """An account: the stacks it has in each wave, and the edges from each other account to its stacks."""

    account: Account
    waves: dict[int, list[str]]
    waits_for: Counter[str]

    @property
    def stacks(self) -> int:
        return sum(map(len, self.waves.values()))


class Overview:
    """The rows of a graph by tier, and within it in the order in which the accounts' stacks are applied."""

    def __init__(self, graph: StackGraph, chosen: Sequence[str]) -> None:
        """`chosen` are the ids of the stacks that are counted; edges are counted where both ends are."""
        self.name, self.total = graph.organization.name, len(chosen)
        wanted, rows = set(chosen), dict[str, Row]()
        for number, wave in enumerate(graph.waves(), 1):
            for stack_id in (each for each in wave if each in wanted):
                node = graph.nodes[stack_id]
                row = rows.setdefault(node.account.name, Row(node.account, {}, Counter()))
                row.waves.setdefault(number, []).append(stack_id)
                for producer in graph.depends_on(node):
                    other = graph.nodes[producer].account.name
                    if producer in wanted and other != node.account.name:
                        row.waits_for[other] += 1
        self.last = max((number for row in rows.values() for number in row.waves), default=0)
        self.rows = sorted(rows.values(), key=_order)

    def text(self) -> str:
        """A line for each account."""
        lines = []
        for row in self.rows:
            needs = ", ".join(f"{name} ({row.waits_for[name]})" for name in self._names() if row.waits_for[name])
            said = f"{_count(row.stacks, 'stack')}, waves {min(row.waves)} to {max(row.waves)}"
            lines.append(f"{row.account.name}: {said}" + (f"  <- {needs}" if needs else ""))
        return "\n".join(lines) + "\n"

    def json(self) -> str:
        """The accounts with their stacks by wave, and how many edges lead to each from stacks of another account."""
        accounts = [
            {
                "name": row.account.name,
                "environment": row.account.environment,
                "tier": tier(row.account.environment),
                "waves": {str(number): row.waves[number] for number in sorted(row.waves)},
                "waits_for": dict(sorted(row.waits_for.items())),
            }
            for row in self.rows
        ]
        return as_json({"organization": self.name, "accounts": accounts})

    def flow(self) -> Flow:
        """An account is a box; on an arrow stands how many edges between stacks it stands for. There may be cycles."""
        boxes = [
            Box(row.account.name, (row.account.name, _count(row.stacks, "stack")), tier(row.account.environment))
            for row in self.rows
        ]
        arrows = [
            Arrow(name, row.account.name, str(row.waits_for[name]))
            for row in self.rows
            for name in self._names()
            if row.waits_for[name]
        ]
        return Flow(self._title(), boxes, arrows)

    def svg(self) -> str:
        """A row for each account: to the left its stacks by wave, to the right on whom they depend.

        A matrix, as accounts depend on each other in both directions, which no layers can show.
        """
        figure = headed(
            self._title(),
            [
                "Left: how many stacks of an account are applied in which wave.",
                "Right: how many dependencies its stacks have on stacks of the account with that number.",
            ],
        )
        top = figure.height + MARGIN
        names = max((width(f"00  {row.account.name}", SIZE) for row in self.rows), default=0) + 24
        waved = MARGIN + names
        matrix = waved + CELL * self.last + CELL
        figure.text(waved, top + 12, "stacks in wave", tone="quiet", size=SMALL)
        figure.text(matrix, top + 12, "depends on stacks of account", tone="quiet", size=SMALL)
        for number in range(1, self.last + 1):
            figure.text(_centre(waved, number), top + 32, str(number), size=SMALL, tone="quiet", middle=True)
        for number in range(1, len(self.rows) + 1):
            figure.text(_centre(matrix, number), top + 32, str(number), size=SMALL, tone="quiet", middle=True)
        y = top + HEAD
        for name in TIERS:
            rows = [(number, row) for number, row in enumerate(self.rows, 1) if tier(row.account.environment) == name]
            if rows:
                figure.text(MARGIN, y + 17, name, tone=name, bold=True)
                y += ROW
            for number, row in rows:
                self._draw(figure, row, number, y, waved, matrix)
                y += ROW
        return figure.render()

    def _draw(self, figure: Figure, row: Row, number: int, y: int, waved: int, matrix: int) -> None:
        tone = tier(row.account.environment)
        figure.text(MARGIN, y + 17, str(number), tone="quiet", size=SMALL)
        figure.text(MARGIN + 24, y + 17, row.account.name)
        for wave, stacks in sorted(row.waves.items()):
            x, key = waved + CELL * (wave - 1), f"{row.account.name} wave {wave}"
            figure.box(x, y, CELL - 3, ROW - 4, tone=tone, says=", ".join(stacks), key=key)
            figure.text(_centre(waved, wave), y + 16, str(len(stacks)), middle=True)
        for column, other in enumerate(self._names(), 1):
            x = matrix + CELL * (column - 1)
            count = row.waits_for[other]
            style = "grid" if column == number else "soft" if count else "page"
            says = f"{row.account.name} on {other}: {_count(count, 'dependency')}" if count else ""
            figure.box(x, y, CELL - 3, ROW - 4, style=style, says=says, key=f"{row.account.name} of {other}")
            if count:
                figure.text(_centre(matrix, column), y + 16, str(count), middle=True)

    def _names(self) -> list[str]:
        return [row.account.name for row in self.rows]

    def _title(self) -> str:
        accounts, waves = _count(len(self.rows), "account"), _count(self.last, "wave")
        return f"{self.name}: {_count(self.total, 'stack')} in {accounts}, {waves}"


def _order(row: Row) -> tuple[int, int, str]:
    return (TIERS.index(tier(row.account.environment)), min(row.waves), row.account.name)


def _centre(left: int, number: int) -> int:
    return left + CELL * (number - 1) + (CELL - 3) // 2


def _count(number: int, what: str) -> str:
    return f"{number} {what if number == 1 else _PLURAL[what]}"
