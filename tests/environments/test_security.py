"""Where the security services stand, in what order, and what they reach."""

from __future__ import annotations

import json
from pathlib import Path

import cdktf
import pytest

from environments.administrators import security_administrator
from environments.graph import StackGraph
from environments.load import load
from environments.model import Organization
from environments.stacks.registry import STACK_CLASSES
from environments.units import changed_levels
from tests.support.rendering import Rendered

ROOT = Path(__file__).parents[2]


@pytest.fixture(name="acme", scope="module")
def _acme() -> Organization:
    return load(ROOT / "environments")


@pytest.fixture(name="minnow", scope="module")
def _minnow() -> Organization:
    return load(ROOT / "examples" / "small")


@pytest.fixture(name="home", scope="module")
def _home(acme: Organization) -> Rendered:
    return _rendered(acme, "security-tooling-security")


@pytest.fixture(name="abroad", scope="module")
def _abroad(acme: Organization) -> Rendered:
    return _rendered(acme, "security-tooling-security-eu-central-1")


def _rendered(organization: Organization, stack_id: str) -> Rendered:
    """The JSON of one stack of the organisation."""
    graph = StackGraph(organization)
    node = graph.nodes[stack_id]
    stack = STACK_CLASSES[node.stack](cdktf.Testing.app(), node=node, graph=graph, organization=organization)
    return Rendered(json.loads(cdktf.Testing.synth(stack)))


def _alone(organization: Organization) -> Organization:
    """The organisation with all its accounts' roles in the management account."""
    roles = tuple(sorted({role for account in organization.accounts for role in account.roles}))
    management = organization.management
    one = management.model_copy(
        update={"roles": roles, "networks": next(each.networks for each in organization.accounts if each.networks)}
    )
    stages = dict.fromkeys(("dev", "test", "prod"), one.name)
    teams = tuple(team.model_copy(update=stages) for team in organization.teams)
    domains = tuple(domain.model_copy(update={"account": one.name}) for domain in organization.domains)
    return organization.model_copy(update={"accounts": (one,), "teams": teams, "domains": domains})


def test_services_are_on_before_they_are_delegated_and_delegated_before_they_are_set_up(acme: Organization) -> None:
    """In each region the order is detection, delegation, security; regions do not wait for each other."""
    graph = StackGraph(acme)
    order = list(graph.nodes)
    for region in ("", "-eu-central-1"):
        detection, delegation, security = (
            graph.nodes[f"{stack}{region}"]
            for stack in ("security-tooling-detection", "management-delegation", "security-tooling-security")
        )
        assert order.index(detection.id) < order.index(delegation.id) < order.index(security.id)
        assert detection.id in graph.depends_on(delegation)
        assert delegation.id in graph.depends_on(security)
        assert detection.region == delegation.region == security.region
        other = "-eu-central-1" if not region else None
        assert other is None or not any(name.endswith(other) for name in graph.depends_on(security))


def test_what_is_central_is_made_at_home_only(home: Rendered, abroad: Rendered) -> None:
    """Aggregation, rules and alerts stand in the home region; threats, data, scans and analyzers in both."""
    here, there = set(home.document["resource"]), set(abroad.document["resource"])
    assert not {kind for kind in there if kind.startswith(("aws_securityhub_", "aws_sns_", "aws_cloudwatch_"))}
    regional = ("guardduty_organization_configuration", "macie2_member", "inspector2_enabler", "detective_member")
    assert {f"aws_{kind}" for kind in (*regional, "accessanalyzer_analyzer")} <= here & there
    assert {bucket["bucket"] for bucket in abroad.all("aws_s3_bucket").values()} == {
        "acme-org-findings-eu-central-1",
        "acme-org-findings-eu-central-1-access-logs",
    }


def test_every_other_account_is_a_member(acme: Organization, home: Rendered, abroad: Rendered) -> None:
    """Macie, Inspector and Detective have all accounts but their own, in every region."""
    others = len(acme.accounts) - 1
    for found in (home, abroad):
        for kind in ("macie2_member", "inspector2_member_association", "detective_member"):
            assert len(found.all(f"aws_{kind}")) == others


def test_a_unit_gets_a_policy_where_its_level_changes(acme: Organization, home: Rendered) -> None:
    """Units that inherit their level inherit the policy; those above which nothing stands start at standard."""
    assert changed_levels(acme.units) == {
        "security-production": "strict",
        "infrastructure-production": "strict",
        "workloads": "sandbox",
        "ml-production": "strict",
        "data": "standard",
        "data-production": "strict",
        "deployments-production": "strict",
        "suspended": "quarantine",
    }
    assert len(home.all("aws_securityhub_configuration_policy_association")) == 9


def test_management_cannot_delegate_to_itself(minnow: Organization) -> None:
    """Where one account is everything there is no delegation, and it watches over itself."""
    alone = _alone(minnow)
    graph = StackGraph(alone)
    assert "management-delegation" not in graph.nodes
    assert security_administrator(alone) is None
    found = set(_rendered(alone, "management-security").document["resource"])
    assert "aws_securityhub_standards_subscription" in found
    assert not {kind for kind in found if kind.endswith(("_member", "_organization_configuration", "_association"))}
