"""Cross-account edges: one account reaches what another owns only when every side of the way is there. No cdktf here.

A bucket policy without the key's, a grant without the role, a share without who accepts it: each applies cleanly and
fails in use. So each kind of edge says what its sides are, the organisation says which stack renders each side, and a
stack that leaves one out does not synthesise (docs/adr/0023-handshakes.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from modules.core.errors import HandshakeError


@dataclass(frozen=True, slots=True)
class EdgeKind:
    """A kind of way from one account to another. `sides`: name of a side -> what it is, in words."""

    verb: str
    sides: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Edge:
    """One way: `source`, who reaches, and `target`, what is reached, as the organisation calls them."""

    kind: EdgeKind
    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.source} {self.kind.verb} {self.target}"

    def render(self, holder: EdgeHolder, side: str) -> None:
        """Tell the stack that `side` of this edge stands in it now; for the function that writes that side.

        Raises HandshakeError when edges of this kind have no such side.
        """
        if side not in self.kind.sides:
            known = ", ".join(self.kind.sides)
            raise HandshakeError(f"{self}: there is no side {side!r} of an edge that {self.kind.verb} (known: {known})")
        holder.rendered(self, side)


class EdgeHolder(Protocol):
    """What an edge needs of the stack in which one of its sides is written."""

    def rendered(self, edge: Edge, side: str) -> None:
        """Take note that `side` of `edge` stands in this stack."""
        ...


@dataclass(frozen=True, slots=True)
class Handshake:
    """An edge, and the id of the stack that renders each of its sides.

    Raises HandshakeError, which names the side, when one has no stack.
    """

    edge: Edge
    stacks: Mapping[str, str] = field(hash=False)

    def __post_init__(self) -> None:
        for side, words in self.edge.kind.sides.items():
            if side not in self.stacks:
                raise HandshakeError(f"{self.edge}: no stack renders its side {side!r} ({words})")
