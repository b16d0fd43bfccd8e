"""The stack graph as text, Mermaid, Graphviz or JSON. Needs no jsii and no synthesis."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from environments.graph import StackGraph


def waves(graph: StackGraph) -> list[list[str]]:
    """Stack ids by wave: a stack stands in the first wave in which all that it depends on is done."""
    wave: dict[str, int] = {}
    for stack_id, node in graph.nodes.items():
        wave[stack_id] = max((wave[producer] + 1 for producer in graph.depends_on(node)), default=0)
    return [sorted(s for s in wave if wave[s] == number) for number in range(max(wave.values(), default=-1) + 1)]


def text(graph: StackGraph) -> str:
    """A wave after the other, a line for each stack with what it waits for."""
    lines = []
    for number, stacks in enumerate(waves(graph), 1):
        lines.append(f"wave {number}")
        for stack_id in stacks:
            needs = graph.depends_on(graph.nodes[stack_id])
            lines.append(f"  {stack_id}" + (f"  <- {', '.join(needs)}" if needs else ""))
    return "\n".join(lines) + "\n"


def mermaid(graph: StackGraph) -> str:
    """A flow chart for Markdown; arrows point from producer to consumer."""
    lines = ["flowchart LR"]
    lines += [f'  {_word(stack_id)}["{stack_id}"]' for stack_id in graph.nodes]
    lines += [f"  {_word(producer)} --> {_word(consumer)}" for producer, consumer in _edges(graph)]
    return "\n".join(lines) + "\n"


def dot(graph: StackGraph) -> str:
    """A Graphviz digraph."""
    lines = ["digraph stacks {", "  rankdir=LR;", "  node [shape=box];"]
    lines += [f'  "{stack_id}";' for stack_id in graph.nodes]
    lines += [f'  "{producer}" -> "{consumer}";' for producer, consumer in _edges(graph)]
    return "\n".join([*lines, "}"]) + "\n"


def as_json(graph: StackGraph) -> str:
    """Stacks in dependency order with their account, module, wave and what they depend on."""
    wave = {stack_id: number for number, stacks in enumerate(waves(graph), 1) for stack_id in stacks}
    stacks = [
        {
            "id": node.id,
            "module": node.module,
            "account": node.account.name,
            "environment": node.account.environment,
            "region": node.region,
            "wave": wave[node.id],
            "depends_on": list(graph.depends_on(node)),
        }
        for node in graph.nodes.values()
    ]
    return json.dumps({"organization": graph.organization.name, "stacks": stacks}, indent=2) + "\n"


def _edges(graph: StackGraph) -> list[tuple[str, str]]:
    return [(producer, node.id) for node in graph.nodes.values() for producer in graph.depends_on(node)]


def _word(stack_id: str) -> str:
    return stack_id.replace("-", "_")


FORMATS: Mapping[str, Callable[[StackGraph], str]] = {"text": text, "mermaid": mermaid, "dot": dot, "json": as_json}
