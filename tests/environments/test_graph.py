"""The stack graph is complete, ordered, and known without jsii."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from environments import graph as graph_module
from environments.graph import StackGraph
from environments.load import load
from environments.node import Node
from modules.core.errors import ConfigError, ContractError
from modules.foundations.contract import AccessContract, CiContract
from modules.observability.contract import LogArchiveContract

ROOT = Path(__file__).parents[2]
REFERENCE, SMALL = ROOT / "environments", ROOT / "examples" / "small"


@pytest.fixture(name="graph", scope="module")
def _graph() -> StackGraph:
    return StackGraph(load(REFERENCE))


def test_every_account_has_access_and_baseline(graph: StackGraph) -> None:
    """Each member has an access stack, and a baseline in each governed region; management has bootstrap for access."""
    for account in graph.organization.accounts:
        access = "bootstrap" if account == graph.management else "access"
        assert {f"{account.name}-{kind}" for kind in (access, "baseline", "baseline-eu-central-1")} <= set(graph.nodes)
    assert "management-access" not in graph.nodes


def test_a_stack_stands_behind_what_it_consumes(graph: StackGraph) -> None:
    """The order of the graph is an order of apply."""
    order = list(graph.nodes)
    for node in graph.nodes.values():
        assert all(order.index(producer) < order.index(node.id) for producer in graph.depends_on(node))


def test_three_accounts_carry_all_roles_with_the_same_code() -> None:
    """The small organisation has the archive in its platform account, and one stack of a kind in each account."""
    small = StackGraph(load(SMALL))
    assert len(small.organization.accounts) == 3
    assert "platform-logs" in small.nodes
    assert len({(node.account.name, node.stack) for node in small.nodes.values()}) == len(small.nodes)


def test_a_region_with_networks_has_a_hub_of_its_own(graph: StackGraph) -> None:
    """The hub stands in the network account, in each region in which an account has a network."""
    hubs = [node for node in graph.nodes.values() if node.stack == "hub"]
    assert [(node.account.name, node.region) for node in hubs] == [
        ("network", region) for region in graph.organization.network_regions
    ]
    assert graph.organization.network_regions == ("eu-west-1", "eu-central-1")


def test_state_lies_in_the_environments_bucket(graph: StackGraph) -> None:
    """State keys are environment, account, region, stack, so no two stacks share one."""
    state = graph.state(graph.nodes["fraud-dev-baseline"])
    assert (state.bucket, state.key) == ("acme-dev-tfstate", "dev/fraud-dev/eu-west-1/baseline.tfstate")
    locations = {(graph.state(node).bucket, graph.state(node).key) for node in graph.nodes.values()}
    assert len(locations) == len(graph.nodes)


def test_a_missing_producer_names_both_stacks(graph: StackGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stack that consumes from a stack that does not exist is an error that names the two."""
    archive = graph.nodes["log-archive-logs"]

    def place(organization: object) -> list[Node]:
        return [Node("trail", "observability", archive.account, "eu-west-1", "t", None, {LogArchiveContract: "gone"})]

    monkeypatch.setattr(graph_module, "place", place)
    monkeypatch.setattr(graph_module, "handshakes", lambda organization: ())
    with pytest.raises(ContractError, match="t consumes from gone"):
        StackGraph(graph.organization)


def test_a_cycle_names_its_stacks(graph: StackGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two stacks that consume from each other are an error that shows the way round."""
    account = graph.management

    def place(organization: object) -> list[Node]:
        one = Node("a", "foundations", account, "eu-west-1", "one", None, {AccessContract: "other"})
        return [one, Node("b", "foundations", account, "eu-west-1", "other", None, {CiContract: "one"})]

    monkeypatch.setattr(graph_module, "place", place)
    monkeypatch.setattr(graph_module, "handshakes", lambda organization: ())
    with pytest.raises(ContractError, match=r"consume from each other: (one -> other -> one|other -> one -> other)"):
        StackGraph(graph.organization)


def test_two_stacks_with_one_id_are_an_error(graph: StackGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """CDKTF would let the second overwrite the first."""
    node = graph.nodes["management-bootstrap"]
    monkeypatch.setattr(graph_module, "place", lambda organization: [node, node])
    with pytest.raises(ContractError, match="two stacks are called management-bootstrap"):
        StackGraph(graph.organization)


def test_a_pattern_without_a_match_is_an_error(graph: StackGraph) -> None:
    """`--stack` never silently selects nothing."""
    assert {node.id for node in graph.select("fraud-*-access")} == {
        f"fraud-{e}-access" for e in ("dev", "test", "prod")
    }
    with pytest.raises(ConfigError, match="no stack has such an id"):
        graph.select("nothing-*")


def test_a_wave_waits_for_the_waves_before_it(graph: StackGraph) -> None:
    """The first wave is the bootstrap alone; every stack stands in exactly one wave."""
    found = graph.waves()
    assert found[0] == ["management-bootstrap"]
    assert sorted(stack_id for wave in found for stack_id in wave) == sorted(graph.nodes)


def test_the_graph_starts_neither_jsii_nor_checkov() -> None:
    """Validation and graph import none of the slow packages."""
    program = (
        "import sys\nfrom environments.graph import StackGraph\nfrom environments.load import load\n"
        "import delivery.pictures.formats\nfrom pathlib import Path\n"
        f"StackGraph(load(Path({str(SMALL)!r})))\n"
        "print([name for name in ('jsii', 'cdktf', 'constructs', 'checkov', 'moto') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
