"""Where logs are queried, everything that is logged can be found."""

from __future__ import annotations

import pytest

from environments.graph import StackGraph
from environments.lake import lake_accounts
from environments.load import load
from environments.node import Node
from modules.foundations.network.contract import AttachmentContract
from modules.observability.edges import QUERIES_LOGS
from tests.support.organisations import ORGANISATIONS


@pytest.fixture(name="graph", scope="module", params=["acme", "minnow"])
def _graph(request: pytest.FixtureRequest) -> StackGraph:
    return StackGraph(load(ORGANISATIONS[request.param]))


def _queries(graph: StackGraph) -> Node:
    (node,) = (node for node in graph.nodes.values() if node.stack == "log-queries")
    return node


def test_the_names_of_every_network_are_queried(graph: StackGraph) -> None:
    """Each stack with a VPC under the query log tells its id, in every region."""
    networks = {node.id for node in graph.nodes.values() if node.stack in ("endpoints", "network")}
    assert set(_queries(graph).gathers[AttachmentContract]) == networks


def test_tables_wait_for_who_is_in_charge_of_the_catalogue(graph: StackGraph) -> None:
    """Where Lake Formation is, its settings come first: else tables would be granted to everybody in IAM."""
    node = _queries(graph)
    lake = [each.id for each in graph.nodes.values() if each.stack == "lake" and each.account == node.account]
    assert bool(lake) == (node.account in lake_accounts(graph.organization))
    assert set(lake) <= set(node.after)


def test_the_archive_is_opened_to_another_account_alone(graph: StackGraph) -> None:
    """In an account that holds the archive itself, IAM decides who queries it."""
    archive = graph.organization.account_for("log-archive", "org")
    edges = [handshake.edge for handshake in graph.handshakes if handshake.edge.kind is QUERIES_LOGS]
    assert len(edges) == (0 if _queries(graph).account == archive else 1)
