"""Some stacks, what each waits for, and the accounts around them: as text, JSON and SVG, and as a flow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from delivery.pictures.figure import MARGIN, SIZE, SMALL, Figure, headed
from delivery.pictures.flow import Arrow, Box, Flow, as_json
from delivery.pictures.layers import place
from delivery.pictures.metrics import width
from environments.graph import StackGraph
from environments.node import Node
from environments.tiers import tier
from policies.report.implied import implied

BEFORE, AFTER = "before:", "after:"  # no stack id holds a colon
PADDING, HEIGHT = 12, 40


@dataclass(frozen=True, slots=True)
class Stacks:
    """The chosen stacks of a graph, in its order. Those around them are told by account."""

    graph: StackGraph
    chosen: Sequence[Node]

    def text(self) -> str:
        """A wave after the other, a line for each stack with what it waits for."""
        ids, lines = {node.id for node in self.chosen}, []
        for number, wave in enumerate(self.graph.waves(), 1):
            shown = [stack_id for stack_id in wave if stack_id in ids]
            lines += [f"wave {number}"] if shown else []
            for stack_id in shown:
                needs = self.graph.depends_on(self.graph.nodes[stack_id])
                lines.append(f"  {stack_id}" + (f"  <- {', '.join(needs)}" if needs else ""))
        return "\n".join(lines) + "\n"

    def json(self) -> str:
        """Stacks in dependency order with their account, module, tier, wave and what they depend on."""
        wave = {stack_id: number for number, stacks in enumerate(self.graph.waves(), 1) for stack_id in stacks}
        stacks = [
            {
                "id": node.id,
                "module": node.module,
                "account": node.account.name,
                "environment": node.account.environment,
                "tier": tier(node.account.environment),
                "region": node.region,
                "wave": wave[node.id],
                "depends_on": list(self.graph.depends_on(node)),
            }
            for node in self.chosen
        ]
        return as_json({"organization": self.graph.organization.name, "stacks": stacks})

    def flow(self) -> Flow:
        """The stacks, and a box for each account whose stacks they wait for, or that has stacks that wait for them.

        Arrows that follow from others are left out. An account may stand at both ends.
        """
        needs = self._needs()
        hidden = implied(needs)
        boxes = [self._box(key) for key in needs]
        arrows = [Arrow(one, key) for key in needs for one in needs[key] if (one, key) not in hidden]
        return Flow(self._title(), boxes, arrows)

    def svg(self) -> str:
        """What waits stands to the right of what it waits for."""
        lines = ["A line leads from a stack to one that waits for it; those that follow from others are left out."]
        if len(self.chosen) < len(self.graph.nodes):
            lines.append("Accounts around them stand left where they are waited for, right where they wait.")
        figure = headed(self._title(), lines)
        needs = self._needs()
        boxes = {key: self._box(key) for key in needs}
        placed = place(needs, {key: (_wide(box), HEIGHT) for key, box in boxes.items()})
        top = figure.height + MARGIN
        for (one, other), path in placed.lines.items():
            figure.line(path, move=(MARGIN, top), key=f"{one} {other}")
        for key, box in boxes.items():
            x, y = placed.at[key]
            _draw(figure, box, x + MARGIN, y + top, around=key not in self.graph.nodes)
        return figure.render()

    def _title(self) -> str:
        of = f"of {len(self.graph.nodes)} stacks" if len(self.chosen) < len(self.graph.nodes) else "stacks"
        return f"{self.graph.organization.name}: {len(self.chosen)} {of} and what they wait for"

    def _needs(self) -> dict[str, list[str]]:
        """What each box waits for; accounts before, then the stacks in order, then accounts after."""
        ids = {node.id for node in self.chosen}
        outside = [node for node in self.graph.nodes.values() if node.id not in ids]
        before: dict[str, list[str]] = {}
        after: dict[str, list[str]] = {}
        own: dict[str, list[str]] = {}
        for node in self.chosen:
            own[node.id] = []
            for producer in self.graph.depends_on(node):
                account = self.graph.nodes[producer].account.name
                key = producer if producer in ids else f"{BEFORE}{account}"
                if key not in own[node.id]:
                    own[node.id].append(key)
                if producer not in ids:
                    before[key] = []
        for node in outside:
            wanted = [producer for producer in self.graph.depends_on(node) if producer in ids]
            if wanted:
                known = after.setdefault(f"{AFTER}{node.account.name}", [])
                known += [producer for producer in wanted if producer not in known]
        return {**dict(sorted(before.items())), **own, **dict(sorted(after.items()))}

    def _box(self, key: str) -> Box:
        if key in self.graph.nodes:
            node = self.graph.nodes[key]
            return Box(key, (key, f"{node.module}, {node.region}"), tier(node.account.environment))
        side, _, name = key.partition(":")
        account = self.graph.organization.account(name)
        around = "waited for" if f"{side}:" == BEFORE else f"{self._waiting(name)} wait"
        return Box(key, (name, f"account, {around}"), tier(account.environment))

    def _waiting(self, account: str) -> str:
        ids = {node.id for node in self.chosen}
        waiting = [
            node
            for node in self.graph.nodes.values()
            if node.account.name == account and node.id not in ids and ids & set(self.graph.depends_on(node))
        ]
        return f"{len(waiting)} stack{'s' * (len(waiting) != 1)}"


def _wide(box: Box) -> int:
    name, said = box.lines
    return max(width(name, SIZE, bold=True), width(said, SMALL)) + 2 * PADDING


def _draw(figure: Figure, box: Box, x: int, y: int, *, around: bool) -> None:
    name, said = box.lines
    figure.box(x, y, _wide(box), HEIGHT, style="soft" if around else "box", tone=box.tier, key=box.key)
    figure.text(x + PADDING, y + 17, name, bold=not around)
    figure.text(x + PADDING, y + 32, said, tone="quiet", size=SMALL)
