"""Which stacks can go at the same time: a wave needs nothing but the waves before it. No cdktf here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter


def waves(producers: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """The wave of each stack, from 0: one more than the latest wave of those that it waits for.

    `producers` says for each stack whom it waits for; who is no key there, as it is not part of the run, counts as
    done. Raises graphlib.CycleError.
    """
    found: dict[str, int] = {}
    for stack_id in TopologicalSorter(producers).static_order():
        if stack_id in producers:
            found[stack_id] = 1 + max((found[before] for before in producers[stack_id] if before in found), default=-1)
    return found
