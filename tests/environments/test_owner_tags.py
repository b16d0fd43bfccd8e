"""What a stack makes carries the tags of whom it is for."""

from __future__ import annotations

from pathlib import Path

import pytest

from environments.graph import StackGraph
from environments.load import load
from environments.model import Organization
from environments.ownership import SUBJECTS, owner_tags, stack_tags
from modules.core.tags import REQUIRED

ROOT = Path(__file__).parents[2]
KEYS = {
    "team": {"Team", "LineOfBusiness", "CostCenter", "Owner"},
    "domain": {"DataDomain", "Owner"},
    "project": {"Team", "LineOfBusiness", "CostCenter", "Owner", "Product", "Project"},
}
MOST_TAGS = 50


@pytest.fixture(name="organization", params=["environments", "examples/small"], scope="module")
def _organization(request: pytest.FixtureRequest) -> Organization:
    return load(ROOT / request.param)


@pytest.fixture(name="graph", scope="module")
def _graph(organization: Organization) -> StackGraph:
    return StackGraph(organization)


def test_each_stack_for_somebody_carries_its_owners_tags(organization: Organization, graph: StackGraph) -> None:
    """In every account, shared ones too: a team's, a domain's, or a project's with its product."""
    subjects = [node for node in graph.nodes.values() if node.subject]
    assert {node.stack for node in subjects} == SUBJECTS.keys() & {node.stack for node in graph.nodes.values()}
    for node in subjects:
        tags = stack_tags(organization, node)
        assert tags.keys() == KEYS[SUBJECTS[node.stack]], node.id
        assert node.subject in tags.values(), node.id
        assert len(tags) + len(REQUIRED) <= MOST_TAGS


def test_a_stack_for_nobody_carries_its_accounts_tags(organization: Organization, graph: StackGraph) -> None:
    """The baseline of a team's account is the team's, and that of the platform is nobody's."""
    for node in graph.nodes.values():
        if node.subject is None:
            assert stack_tags(organization, node) == owner_tags(organization, node.account)
