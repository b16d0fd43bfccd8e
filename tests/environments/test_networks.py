"""Which account has which network in which region, and from whom it reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from environments.graph import StackGraph
from environments.load import load
from environments.node import Node
from modules.foundations.network.contract import DnsContract, HubContract

ROOT = Path(__file__).parents[2]


@pytest.fixture(name="acme", scope="module")
def _acme() -> StackGraph:
    return StackGraph(load(ROOT / "environments"))


@pytest.fixture(name="minnow", scope="module")
def _minnow() -> StackGraph:
    return StackGraph(load(ROOT / "examples" / "small"))


def _of(graph: StackGraph, kind: str) -> list[Node]:
    return [node for node in graph.nodes.values() if node.stack == kind]


def test_every_account_with_workloads_has_a_network_where_it_has_a_cidr(acme: StackGraph) -> None:
    """Each account with a CIDR in a region has a spoke there, but for those that hold the hub or the endpoints."""
    expected = {
        (account.name, region)
        for account in acme.organization.accounts
        for region in account.networks
        if not {"network", "shared-services"} & set(account.roles)
    }
    assert {(node.account.name, node.region) for node in _of(acme, "network")} == expected
    assert any(region != acme.organization.home_region for _, region in expected)


def test_each_region_with_networks_has_one_set_of_endpoints(acme: StackGraph, minnow: StackGraph) -> None:
    """The shared services hold the endpoints once in each region with networks."""
    for graph in (acme, minnow):
        assert [node.region for node in _of(graph, "endpoints")] == list(graph.organization.network_regions)


def test_a_network_reads_the_hub_and_the_names_of_its_own_region(acme: StackGraph) -> None:
    """No spoke is attached to, or resolves names in, another region than its own."""
    for node in _of(acme, "network"):
        for contract in (HubContract, DnsContract):
            assert acme.producer(node, contract).region == node.region


def test_routes_are_given_by_the_hubs_account_when_every_network_of_the_region_is_attached(acme: StackGraph) -> None:
    """In each region the routes wait for its hub, its endpoints and each of its spokes, and stand beside the hub."""
    hubs = {node.region: node for node in _of(acme, "hub")}
    for routes in _of(acme, "routes"):
        attached = {
            node.id for kind in ("endpoints", "network") for node in _of(acme, kind) if node.region == routes.region
        }
        assert attached | {hubs[routes.region].id} <= set(acme.depends_on(routes))
        assert routes.account == hubs[routes.region].account
    assert [routes.region for routes in _of(acme, "routes")] == list(hubs)


def test_an_account_of_all_roles_has_three_networks_apart(minnow: StackGraph) -> None:
    """The platform account of a small organisation holds hub, endpoints and a spoke of its own."""
    stacks = {node.stack for node in minnow.nodes.values() if node.account.name == "platform"}
    assert {"hub", "endpoints", "network"} <= stacks
