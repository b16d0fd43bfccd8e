"""An edge between accounts knows its sides, and misses each that has no stack."""

from __future__ import annotations

import pytest

from modules.core.errors import HandshakeError
from modules.core.handshake import Edge, EdgeKind, Handshake

READS = EdgeKind("reads", {"role": "the role that reads", "bucket": "the policy that admits it"})
EDGE = Edge(READS, "team fraud", "domain customers")


class Held:
    """A stack, as an edge sees it."""

    def __init__(self) -> None:
        self.sides: list[tuple[Edge, str]] = []

    def rendered(self, edge: Edge, side: str) -> None:
        """Keep the side."""
        self.sides.append((edge, side))


def test_an_edge_tells_who_reaches_what() -> None:
    """In a sentence, as messages need it."""
    assert str(EDGE) == "team fraud reads domain customers"


def test_a_rendered_side_is_told_to_its_stack() -> None:
    """With the edge it belongs to."""
    held = Held()
    EDGE.render(held, "bucket")
    assert held.sides == [(EDGE, "bucket")]


def test_a_side_that_the_kind_has_not_is_an_error() -> None:
    """The message names the edge, the side, and those that there are; the stack hears nothing of it."""
    held = Held()
    words = r"^team fraud reads domain customers: there is no side 'key' .* \(known: role, bucket\)$"
    with pytest.raises(HandshakeError, match=words):
        EDGE.render(held, "key")
    assert held.sides == []


def test_a_side_without_a_stack_is_an_error() -> None:
    """The message names the edge and the side, in words, too."""
    words = r"^team fraud reads domain customers: no stack renders its side 'bucket' \(the policy that admits it\)$"
    with pytest.raises(HandshakeError, match=words):
        Handshake(EDGE, {"role": "fraud-dev-consumer"})


def test_a_handshake_has_a_stack_for_each_side() -> None:
    """Then it is whole."""
    stacks = {"role": "fraud-dev-consumer", "bucket": "data-customers-storage"}
    assert Handshake(EDGE, stacks).stacks == stacks
