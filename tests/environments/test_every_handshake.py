"""Of every way between accounts in the reference organisation, each single side is needed."""

from __future__ import annotations

from collections.abc import Iterator

import cdktf
import pytest

from environments.compose import compose
from environments.graph import StackGraph
from environments.load import load
from environments.node import Node
from environments.stacks.base import PlatformStack
from modules.core.errors import HandshakeError
from modules.core.handshake import Edge
from tests.support.organisations import ORGANISATIONS

pytestmark = pytest.mark.e2e  # makes a stack for every side of every edge
GRAPH = StackGraph(load(ORGANISATIONS["acme"]))
ENDS = sorted({stack for handshake in GRAPH.handshakes for stack in handshake.stacks.values()})


def _sides(place: Node) -> Iterator[tuple[Edge, str]]:
    yield from sorted(GRAPH.sides(place), key=str)


@pytest.mark.parametrize("stack_id", ENDS)
def test_a_stack_without_one_of_its_sides_does_not_synthesise(stack_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if what writes it left it out, side after side: synthesis fails and names the edge, the side, the stack."""
    place = GRAPH.nodes[stack_id]
    rendered = PlatformStack.rendered
    for missing in _sides(place):

        def all_others(stack: PlatformStack, edge: Edge, side: str, missing: tuple[Edge, str] = missing) -> None:
            if (edge, side) != missing:
                rendered(stack, edge, side)

        monkeypatch.setattr(PlatformStack, "rendered", all_others)
        with pytest.raises(HandshakeError) as error:
            compose(cdktf.Testing.app(), GRAPH, place)
        edge, side = missing
        assert str(error.value) == (
            f"{edge}: its side {side!r} ({edge.kind.sides[side]}) is missing in the stack {stack_id}"
        )


def test_no_edge_lacks_the_stack_of_a_side() -> None:
    """Every side of every edge has a stack, so that the test above reaches all of them."""
    told = {(handshake.edge, side) for handshake in GRAPH.handshakes for side in handshake.stacks}
    assert told == {(handshake.edge, side) for handshake in GRAPH.handshakes for side in handshake.edge.kind.sides}
    assert told == {each for stack_id in ENDS for each in GRAPH.sides(GRAPH.nodes[stack_id])}
