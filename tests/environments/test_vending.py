"""One file more is one team more, and changes nothing for the others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from environments.build import synthesise
from environments.graph import StackGraph
from environments.identity import assignments, groups
from environments.load import load
from environments.manifest import Manifest
from environments.model import Organization
from tests.support.organisations import Synthesised

REFERENCE = Path(__file__).parents[2] / "environments"
NEW = ("claims-dev", "claims-prod", "claims-test")
# The stacks of others that name every account, team, assignment or network, and the catalogue of the domain that
# the team reads; a central feature group may be handed over to it. What teams share and launch names them, but the
# models' registry of prod, where it has no project yet, does not. Alarms, costs and logs are told apart by team and
# account. All others keep their bytes.
NAME_ALL = {
    "data-governance-audit",
    "data-governance-catalog-customers",
    "feature-store-lake",
    "management-costs-us-east-1",
    "management-identity",
    "management-organization",
    "management-policies",
    "ml-shared-services-prod-artifacts",
    "ml-shared-services-test-artifacts",
    "ml-shared-services-test-models",
    "network-routes",
    "observability-prod-cost-reports",
    "observability-prod-log-queries",
    "observability-prod-monitoring",
    "observability-test-monitoring",
    "security-tooling-security",
    "security-tooling-security-eu-central-1",
    "shared-services-portfolio",
}
FILE = """team: claims
line_of_business: Claims
owner: claims-lead@acme.example
cost_center: CL-1000

accounts:
  dev: { email: aws-claims-dev@acme.example, cidr: 10.40.0.0/16 }
  test: { email: aws-claims-test@acme.example, cidr: 10.41.0.0/16 }
  prod: { email: aws-claims-prod@acme.example, cidr: 10.42.0.0/16 }

consumes: { customers: {} }
"""


@pytest.fixture(name="config", scope="module")
def _config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference organisation with one team file more."""
    config = tmp_path_factory.mktemp("vending") / "config"
    shutil.copytree(REFERENCE, config, ignore=shutil.ignore_patterns("*.py", "__pycache__", "rules", "stacks"))
    (config / "teams" / "claims.yaml").write_text(FILE, encoding="utf-8")
    return config


@pytest.fixture(name="before", scope="module")
def _before() -> Organization:
    return load(REFERENCE)


@pytest.fixture(name="after", scope="module")
def _after(config: Path) -> Organization:
    return load(config)


def test_a_team_file_makes_three_accounts_with_their_stacks(before: Organization, after: Organization) -> None:
    """The new stacks are those of the three accounts, of the kinds of any other team; no features, no projects."""
    assert {account.name for account in after.accounts} - {account.name for account in before.accounts} == set(NEW)
    old, new = StackGraph(before).nodes, StackGraph(after).nodes
    assert set(old) <= set(new)
    made = {stack_id for stack_id in new if stack_id not in old}
    own = {"fraud-dev-features"} | {stack for stack in old if stack.endswith("-card-fraud")}
    others = {stack for stack in old if stack.startswith("fraud-")} - own
    assert made == {stack.replace("fraud-", "claims-", 1) for stack in others}
    assert {f"{name}-{kind}" for name in NEW for kind in ("access", "baseline")} <= made


def test_a_team_file_gives_its_people_their_groups_and_assignments(before: Organization, after: Organization) -> None:
    """The team's own groups are new, its people hold what those of any other team hold, and nobody else gains any."""

    def held(organization: Organization, team: str) -> set[tuple[str, str, str]]:
        return {
            (each.account.replace(team, "T"), each.group.key.replace(team, "T"), each.permission_set)
            for each in assignments(organization)
            if each.account.startswith(team) or each.group.team == team
        }

    assert held(after, "claims") == held(after, "fraud") == held(before, "fraud")
    others = {each for each in assignments(after) if not each.account.startswith("claims")}
    assert {each for each in others if each.group.team != "claims"} == set(assignments(before))
    made = set(groups([team.name for team in after.teams])) - set(groups([team.name for team in before.teams]))
    assert {group.team for group in made} == {"claims"}


@pytest.mark.e2e
def test_a_team_file_changes_no_other_accounts_stack(config: Path, synthesised: Synthesised, tmp_path: Path) -> None:
    """Stacks of others keep their bytes, but for those that name every account; the organisation makes three more."""
    old = {entry.id: entry for entry in Manifest.read(synthesised("acme")).stacks}
    new = {entry.id: entry for entry in synthesise(config, tmp_path / "after").stacks}
    changed = {stack_id for stack_id, entry in old.items() if new[stack_id].sha256 != entry.sha256}
    assert changed == NAME_ALL
    assert Manifest.read(tmp_path / "after").stack("management-organization").resources == (
        old["management-organization"].resources + len(NEW)
    )
