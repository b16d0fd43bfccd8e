"""Of every way between accounts in the reference organisation, each single side is needed.

That one missing side is enough: `test_handshakes.py`.
"""

from __future__ import annotations

import cdktf
import pytest

from environments.compose import compose
from environments.graph import StackGraph
from environments.load import load
from environments.stacks.base import PlatformStack
from modules.core.errors import HandshakeError
from tests.support.organisations import ORGANISATIONS

pytestmark = pytest.mark.e2e  # makes a stack for every end of every edge
GRAPH = StackGraph(load(ORGANISATIONS["acme"]))
ENDS = sorted({stack for handshake in GRAPH.handshakes for stack in handshake.stacks.values()})


@pytest.mark.parametrize("stack_id", ENDS)
def test_a_stack_without_its_sides_does_not_synthesise(stack_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if what writes them left them out, all at once: each is missed by name, with its edge and the stack."""
    place = GRAPH.nodes[stack_id]
    monkeypatch.setattr(PlatformStack, "rendered", lambda stack, edge, side: None)
    with pytest.raises(HandshakeError) as error:
        compose(cdktf.Testing.app(), GRAPH, place)
    assert str(error.value).splitlines() == [
        f"{edge}: its side {side!r} ({edge.kind.sides[side]}) is missing in the stack {stack_id}"
        for edge, side in sorted(GRAPH.sides(place), key=str)
    ]


def test_no_edge_lacks_the_stack_of_a_side() -> None:
    """Every side of every edge has a stack, so that the test above reaches all of them."""
    told = {(handshake.edge, side) for handshake in GRAPH.handshakes for side in handshake.stacks}
    assert told == {(handshake.edge, side) for handshake in GRAPH.handshakes for side in handshake.edge.kind.sides}
    assert told == {each for stack_id in ENDS for each in GRAPH.sides(GRAPH.nodes[stack_id])}
