"""Every organisation has its logs in one place: one trail, one archive, and each account sends there."""

from __future__ import annotations

from typing import Any

import pytest

from environments.graph import StackGraph
from environments.load import load
from environments.model import Organization
from tests.support.organisations import ORGANISATIONS, ROOT


@pytest.fixture(name="graphs", scope="module")
def _graphs() -> dict[str, StackGraph]:
    return {name: StackGraph(load(folder)) for name, folder in ORGANISATIONS.items()}


def changed(organization: Organization, **observability: Any) -> StackGraph:
    """The graph of the organisation with other settings of the module in the environment org."""
    settings = organization.settings("org")
    other = settings.model_copy(update={"observability": settings.observability.model_copy(update=observability)})
    return StackGraph(
        organization.model_copy(update={"module_settings": {**organization.module_settings, "org": other}})
    )


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_there_are_never_two_trails(graphs: dict[str, StackGraph], name: str) -> None:
    """One stack has a trail, and only one resource of all stacks is one; beside Control Tower's there is none."""
    assert [node.id for node in graphs[name].nodes.values() if node.stack == "trail"] == ["management-trail"]
    addresses = (ROOT / "tests" / "golden" / f"{name}.addresses.txt").read_text(encoding="utf-8").splitlines()
    assert addresses.count("  aws_cloudtrail") == 1
    organization = graphs[name].organization
    trail = organization.settings("org").observability.trail.model_copy(update={"source": "control-tower"})
    assert not [node for node in changed(organization, trail=trail).nodes.values() if node.stack == "trail"]


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_no_account_sends_before_somebody_takes(graphs: dict[str, StackGraph], name: str) -> None:
    """In each governed region there is an intake, and every account's baseline there stands behind it."""
    graph = graphs[name]
    order = list(graph.nodes)
    for region in graph.organization.governed_regions:
        (intake,) = (node for node in graph.nodes.values() if (node.stack, node.region) == ("intake", region))
        baselines = [node for node in graph.nodes.values() if (node.stack, node.region) == ("baseline", region)]
        assert len(baselines) == len(graph.organization.accounts)
        assert all(order.index(intake.id) < order.index(node.id) for node in baselines)


def test_copies_of_logs_stand_where_a_region_is_set(graphs: dict[str, StackGraph]) -> None:
    """The bucket of the copies is there before the log bucket names it; without a region there is none."""
    order = list(graphs["acme"].nodes)
    assert order.index("log-archive-log-copy-eu-central-1") < order.index("log-archive-logs")
    assert not [node for node in graphs["minnow"].nodes.values() if node.stack == "log-copy"]


def test_the_security_lake_is_there_where_it_is_wanted(graphs: dict[str, StackGraph]) -> None:
    """Off by default; on, it stands in the log archive behind the organisation, which delegates it."""
    assert not [node for graph in graphs.values() for node in graph.nodes.values() if node.stack == "security-lake"]
    organization = graphs["acme"].organization
    lake = organization.settings("org").observability.security_lake.model_copy(update={"enabled": True})
    order = list(changed(organization, security_lake=lake).nodes)
    assert order.index("management-organization") < order.index("log-archive-security-lake")
