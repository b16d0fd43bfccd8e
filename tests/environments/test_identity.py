"""Who works where: the table of assignments of both organisations, and what the identity stack waits for."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from environments.graph import StackGraph
from environments.identity import assigned_accounts, assignments, group_name, groups
from environments.load import load
from environments.model import Organization
from modules.foundations.contract import OrganizationContract
from modules.foundations.personas import PLATFORM_PERSONAS, TEAM_PERSONAS

ROOT = Path(__file__).parents[2]
TABLE = {
    "acme": {
        "management": ["cloud-administrator", "executive"],
        "network": ["cloud-administrator"],
        "shared-services": ["cloud-administrator"],
        "log-archive": [],
        "security-tooling": [],
        "observability-test": ["cloud-administrator"],
        "observability-prod": ["cloud-administrator"],
        "data-governance": ["data-lake-administrator"],
        "data-customers": ["data-lake-administrator"],
        "data-payments": ["data-lake-administrator"],
        "feature-store": ["fraud-data-engineer", "lending-data-engineer"],
        "ml-shared-services-test": [
            "fraud-ml-team-lead",
            "lending-ml-team-lead",
            "ml-governance-lead",
            "ml-platform-administrator",
        ],
        "ml-shared-services-prod": [
            "fraud-ml-team-lead",
            "lending-ml-team-lead",
            "ml-governance-lead",
            "ml-platform-administrator",
        ],
        **{f"{team}-dev": [f"{team}-{persona}" for persona in TEAM_PERSONAS] for team in ("fraud", "lending")},
        **{f"{team}-test": [f"{team}-ml-engineer", f"{team}-ml-team-lead reads"] for team in ("fraud", "lending")},
        **{
            f"{team}-prod": ["break-glass", f"{team}-ml-engineer reads", f"{team}-ml-team-lead reads"]
            for team in ("fraud", "lending")
        },
    },
    "minnow": {
        "management": ["cloud-administrator", "executive"],
        "platform": [
            "cloud-administrator",
            "data-lake-administrator",
            "ml-governance-lead",
            "ml-platform-administrator",
            "scoring-data-engineer",
            "scoring-ml-team-lead",
        ],
        "workload": [
            "break-glass",
            "data-lake-administrator",
            *(f"scoring-{persona}" for persona in TEAM_PERSONAS),
            "scoring-ml-engineer reads",
            "scoring-ml-team-lead reads",
        ],
    },
}


@pytest.fixture(name="organizations", scope="module")
def _organizations() -> dict[str, Organization]:
    return {"acme": load(ROOT / "environments"), "minnow": load(ROOT / "examples" / "small")}


@pytest.mark.parametrize("name", TABLE)
def test_everyone_works_where_the_table_says(organizations: dict[str, Organization], name: str) -> None:
    """Each account has exactly these holders, and the security auditor beside them; `reads` is the set ml-reader."""
    found: dict[str, list[str]] = defaultdict(list)
    for assignment in assignments(organizations[name]):
        reads = assignment.permission_set == "ml-reader"
        assert reads or assignment.permission_set == assignment.group.persona
        found[assignment.account].append(assignment.group.key + (" reads" if reads else ""))
    expected = {account: sorted([*holders, "security-auditor"]) for account, holders in TABLE[name].items()}
    assert {account: sorted(holders) for account, holders in found.items()} == expected


@pytest.mark.parametrize("name", TABLE)
def test_no_assignment_is_made_twice(organizations: dict[str, Organization], name: str) -> None:
    """Account and id tell every assignment from all others, also where one account serves dev, test and prod."""
    keys = [(assignment.account, assignment.id) for assignment in assignments(organizations[name])]
    assert keys == sorted(set(keys))


def test_a_team_changes_nothing_in_its_production_account(organizations: dict[str, Organization]) -> None:
    """In an account that is prod's alone a team's people hold the reading set only."""
    organization = organizations["acme"]
    prod = {team.prod for team in organization.teams}
    held = {each.permission_set for each in assignments(organization) if each.account in prod and each.group.team}
    assert held == {"ml-reader"}


def test_groups_are_named_by_the_patterns(organizations: dict[str, Organization]) -> None:
    """A team's group is `<organisation>-<team>-<persona>`, the organisation's `<organisation>-<persona>`."""
    organization = organizations["minnow"]
    found = [group_name(organization.identity, organization.name, group) for group in groups(["scoring"])]
    assert found == [
        *(f"minnow-{persona}" for persona in PLATFORM_PERSONAS),
        *(f"minnow-scoring-{persona}" for persona in TEAM_PERSONAS),
    ]


def test_identity_waits_for_the_boundary_in_every_assigned_account(organizations: dict[str, Organization]) -> None:
    """The identity stack comes after the access stack of each account that it assigns people to."""
    for organization in organizations.values():
        graph = StackGraph(organization)
        node = graph.nodes["management-identity"]
        assert node.consumes[OrganizationContract] == "management-organization"
        order = list(graph.nodes)
        for account in assigned_accounts(organization):
            access = "management-bootstrap" if account == organization.management else f"{account.name}-access"
            assert access in graph.depends_on(node)
            assert order.index(access) < order.index(node.id)


def test_an_organisation_may_do_without_identity_center(organizations: dict[str, Organization]) -> None:
    """With identity.enabled false there is no identity stack."""
    organization = organizations["minnow"]
    off = organization.model_copy(update={"identity": organization.identity.model_copy(update={"enabled": False})})
    assert "management-identity" not in StackGraph(off).nodes
