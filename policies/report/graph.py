"""Places the stack graph on a plane: one column for each dependency wave, dependencies to the left.

Pure arithmetic in pixels; the template draws what `layout` returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policies.report.implied import implied
from policies.report.model import Stack, environment_rank

NODE_WIDTH = 192
NODE_HEIGHT = 38
COLUMN = NODE_WIDTH + 40
ROW = NODE_HEIGHT + 8
TOP = 30
MARGIN = 4
# How many characters of a node's two lines fit into its width at the sizes in report.css.
NAME_CHARS = 17
ACCOUNT_CHARS = 29


@dataclass(frozen=True, slots=True)
class Node:
    """A stack at the top left corner of its box."""

    stack: Stack
    x: int
    y: int
    name: str
    account: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A dependency. `implied` ones also follow from others and are drawn only for the selected stack."""

    source: str
    target: str
    path: str
    implied: bool


@dataclass(frozen=True, slots=True)
class Wave:
    """A column: its stacks may run at the same time, once every column to the left is done."""

    number: int
    x: int
    count: int


@dataclass(frozen=True, slots=True)
class Graph:
    """The whole drawing, in a box of `width` x `height`."""

    width: int
    height: int
    waves: tuple[Wave, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def layout(stacks: Sequence[Stack]) -> Graph:
    """Columns by wave; within one, rows by environment, account and id, so that a stack is easy to find."""
    columns: dict[int, list[Stack]] = {}
    for stack in sorted(stacks, key=_row_order):
        columns.setdefault(stack.wave, []).append(stack)
    nodes = {
        stack.id: Node(
            stack,
            MARGIN + wave * COLUMN,
            TOP + row * ROW,
            _fit(stack.name, NAME_CHARS),
            _fit(_place(stack), ACCOUNT_CHARS),
        )
        for wave, column in sorted(columns.items())
        for row, stack in enumerate(column)
    }
    return Graph(
        width=2 * MARGIN + len(columns) * COLUMN - (COLUMN - NODE_WIDTH),
        height=TOP + max(map(len, columns.values()), default=0) * ROW,
        waves=tuple(Wave(wave + 1, MARGIN + wave * COLUMN, len(columns[wave])) for wave in sorted(columns)),
        nodes=tuple(nodes.values()),
        edges=tuple(_edges(stacks, nodes)),
    )


def _row_order(stack: Stack) -> tuple[int, str, str]:
    return (environment_rank(stack.environment), stack.account, stack.id)


def _place(stack: Stack) -> str:
    """The account, with the region where the id carries one."""
    return f"{stack.account} {stack.region}" if stack.id.endswith(stack.region) else stack.account


def _fit(text: str, chars: int) -> str:
    return text if len(text) <= chars else text[: chars - 1] + "…"


def _edges(stacks: Sequence[Stack], nodes: dict[str, Node]) -> list[Edge]:
    hidden = implied({stack.id: stack.depends_on for stack in stacks})
    return [
        Edge(name, stack.id, _curve(nodes[name], nodes[stack.id]), (name, stack.id) in hidden)
        for stack in stacks
        for name in stack.depends_on
        if name in nodes
    ]


def _curve(source: Node, target: Node) -> str:
    """From the source's right edge to the target's left edge, turning in the gap before the target."""
    x1, y1 = source.x + NODE_WIDTH, source.y + NODE_HEIGHT // 2
    x2, y2 = target.x, target.y + NODE_HEIGHT // 2
    turn = x2 - (COLUMN - NODE_WIDTH)
    middle = (turn + x2) // 2
    straight = f" H{turn}" if turn > x1 else ""
    return f"M{x1} {y1}{straight} C{middle} {y1} {middle} {y2} {x2} {y2}"
