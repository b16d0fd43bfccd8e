"""The waves in which stacks are applied: those of one wait for none of each other. No cdktf here."""

from __future__ import annotations

from environments.graph import StackGraph


def waves(graph: StackGraph) -> list[list[str]]:
    """Stack ids by wave: a stack stands in the first wave in which all that it depends on is done."""
    wave: dict[str, int] = {}
    for stack_id, node in graph.nodes.items():
        wave[stack_id] = max((wave[producer] + 1 for producer in graph.depends_on(node)), default=0)
    return [sorted(s for s in wave if wave[s] == number) for number in range(max(wave.values(), default=-1) + 1)]
