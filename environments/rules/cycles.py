"""Cycles in what refers to what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter


def cycles(references: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Cycles of `references`, until none is left: each once, from its first member in the alphabet to itself."""
    graph = {key: set(references[key]) for key in sorted(references)}
    while True:
        try:
            TopologicalSorter({key: sorted(targets) for key, targets in graph.items()}).prepare()
        except CycleError as error:
            members = list(reversed(error.args[1][1:]))
            start = members.index(min(members))
            ring = (*members[start:], *members[: start + 1])
            yield ring
            graph[ring[0]].discard(ring[1])
        else:
            return
