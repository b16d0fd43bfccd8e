"""Constructs that were renamed, or stand elsewhere in their stack: their resources keep their state. No cdktf here.

Terraform's `moved` blocks say it, one for each resource; a `Move` says it once, for a construct and all below it.
Between stacks nothing moves: docs/how-to/refactor-without-loss.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modules.core.errors import SynthError
from modules.core.logical_id import logical_id

# A move may go once every state has seen it: users apply each minor release, or say in the upgrade which they left out.
KEPT_FOR_MINOR_RELEASES = 3


@dataclass(frozen=True, slots=True)
class Move:
    """In every stack of a kind: what stood at the construct path `old`, and below it, now stands at `new`.

    Paths are construct ids below the stack, joined by `/`; `since` is the release of mlgov with which it moved.
    """

    stack: str
    old: str
    new: str
    since: str


# In the order in which they were made: a construct may have moved twice.
MOVES: tuple[Move, ...] = ()


def moved_blocks(stack: str, document: Mapping[str, Any], moves: Sequence[Move] = MOVES) -> list[dict[str, str]]:
    """The `moved` blocks of a stack of this kind, rendered as `document`, sorted by the new address.

    A stack that has nothing at the new path gets none: not every stack of a kind holds everything. Raises SynthError
    when something still stands at the old path, which Terraform would take for two claims on one state.
    """
    blocks: dict[tuple[str, str], None] = {}
    found = [(type_, _ids(body)) for type_, body in _resources(document)]
    own = [move for move in moves if move.stack == stack]
    for move in own:
        for type_, ids in found:
            if _below(ids, move.old.split("/")) is not None:
                address = f"{type_}.{logical_id(ids)}"
                raise SynthError(
                    f"{stack}: the move from {move.old} to {move.new} (environments/moves.py) leaves {address} behind: "
                    "move all that stands there, or name a narrower path"
                )
    for type_, ids in found:
        for step in _history(ids, own):
            blocks[f"{type_}.{logical_id(step[0])}", f"{type_}.{logical_id(step[1])}"] = None
    return [{"from": old, "to": new} for old, new in sorted(blocks, key=lambda pair: (pair[1], pair[0]))]


def _history(ids: list[str], moves: Sequence[Move]) -> Iterator[tuple[list[str], list[str]]]:
    """Every step by which a resource came to its path, the last one first: Terraform follows a chain of moves."""
    for move in reversed(moves):
        rest = _below(ids, move.new.split("/"))
        if rest is not None:
            before = [*move.old.split("/"), *rest]
            yield before, ids
            ids = before


def _below(ids: list[str], path: list[str]) -> list[str] | None:
    """The rest of `ids` behind `path`; None when they do not stand there."""
    return ids[len(path) :] if ids[: len(path)] == path else None


def _resources(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for type_, named in document.get("resource", {}).items():
        for body in named.values():
            yield type_, body


def _ids(body: Mapping[str, Any]) -> list[str]:
    """The construct ids below the stack."""
    return str(body["//"]["metadata"]["path"]).split("/")[1:]
