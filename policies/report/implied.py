"""Which edges of a graph say nothing that the others do not say already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def implied(needs: Mapping[str, Sequence[str]]) -> frozenset[tuple[str, str]]:
    """The edges (needed, needing) that also follow from others, so that a picture may leave them out.

    `needs` says of each node what it needs, in an order in which each node stands behind what it needs. What is not
    itself a node is left out.
    """
    ancestors: dict[str, frozenset[str]] = {}
    found: set[tuple[str, str]] = set()
    for node, needed in needs.items():
        direct = [name for name in needed if name in ancestors]
        further = frozenset[str]().union(*(ancestors[name] for name in direct))
        ancestors[node] = further.union(direct)
        found.update((name, node) for name in direct if name in further)
    return frozenset(found)
