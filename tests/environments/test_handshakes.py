"""A way between accounts is synthesised with all its sides, each in its stack, or not at all."""

from __future__ import annotations

from collections.abc import Callable

import cdktf
import pytest

from environments import graph as graph_module
from environments.graph import StackGraph
from environments.load import load
from environments.stacks.base import PlatformStack
from modules.core.errors import HandshakeError
from modules.core.handshake import Edge, EdgeKind, Handshake
from modules.cost_reporting import edges as cost_edges
from modules.data_lake import edges as lake_edges
from modules.data_lake.edges import AUDITS, READS, STORES
from modules.feature_store import edges as feature_edges
from modules.ml_operations import edges as operations_edges
from modules.ml_platform import edges as platform_edges
from modules.observability import edges as log_edges
from tests.support.organisations import ORGANISATIONS

STORAGE = "workload-storage-orders"
STORES_ORDERS = ("Lake Formation", "domain orders")


@pytest.fixture(name="graph", scope="module")
def _graph() -> StackGraph:
    return StackGraph(load(ORGANISATIONS["minnow"]))


def _stack(graph: StackGraph, compose: Callable[[PlatformStack], None]) -> None:
    """Make the stack of the domain's zones, in which `compose` renders what it will."""

    class Composed(PlatformStack):
        def compose(self) -> None:
            for contract in self.place.consumes:
                self.consume(contract)
            compose(self)

    Composed(cdktf.Testing.app(), node=graph.nodes[STORAGE], graph=graph, organization=graph.organization)


def test_a_stack_that_leaves_out_a_side_does_not_synthesise(graph: StackGraph) -> None:
    """The message names the edge, the side in words, and the stack."""
    words = (
        r"^Lake Formation keeps its data in domain orders: its side 'bucket' \(the policies of the zones' buckets, "
        rf"which admit that role\) is missing in the stack {STORAGE}$"
    )

    def all_but_the_bucket(stack: PlatformStack) -> None:
        for edge, side in graph.sides(stack.place):
            if side != "bucket":
                edge.render(stack, side)

    with pytest.raises(HandshakeError, match=words):
        _stack(graph, all_but_the_bucket)


def test_a_side_that_stands_in_another_stack_than_placement_says_is_an_error(graph: StackGraph) -> None:
    """Else a side could be there twice, and nobody would miss the right one."""
    words = rf"its side 'role' \(the location role .*\) stands in {STORAGE}; environments/placement does not say so"

    def one_too_many(stack: PlatformStack) -> None:
        for edge, side in graph.sides(stack.place):
            edge.render(stack, side)
        stack.edge(STORES, *STORES_ORDERS).render(stack, "role")

    with pytest.raises(HandshakeError, match=words):
        _stack(graph, one_too_many)


def test_a_stack_gets_no_edge_of_others(graph: StackGraph) -> None:
    """Asking for an edge of which it renders no side is an error that names both."""

    def another(stack: PlatformStack) -> None:
        stack.edge(AUDITS, "data-governance", "the log archive")

    words = f"does not say that {STORAGE} renders a side of: data-governance audits by the log archive"
    with pytest.raises(HandshakeError, match=words):
        _stack(graph, another)


def test_a_side_needs_a_stack_that_is_there(graph: StackGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """A side that placement gives to a stack that is not placed is told before any stack is made."""
    sides = {"role": "platform-catalogue", "bucket": STORAGE, "key": STORAGE}
    handshake = Handshake(Edge(STORES, *STORES_ORDERS), sides)
    monkeypatch.setattr(graph_module, "handshakes", lambda organization: [handshake])
    words = r"its side 'role' \(the location role .*\) needs the stack platform-catalogue, which is not there"
    with pytest.raises(HandshakeError, match=words):
        StackGraph(graph.organization)


def test_the_reference_organisation_has_an_edge_of_every_kind() -> None:
    """A kind without an edge would never be missed."""
    kinds = {
        kind
        for module in (cost_edges, feature_edges, lake_edges, log_edges, operations_edges, platform_edges)
        for kind in vars(module).values()
        if isinstance(kind, EdgeKind)
    }
    used = {handshake.edge.kind for handshake in StackGraph(load(ORGANISATIONS["acme"])).handshakes}
    assert used == kinds
    assert {STORES, READS, AUDITS} <= used
