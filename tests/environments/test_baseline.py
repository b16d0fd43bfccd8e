"""Every account has its baseline in every governed region, as tight as its unit says."""

from __future__ import annotations

from pathlib import Path

import pytest

from environments.graph import StackGraph
from environments.load import load
from environments.model import Organization
from environments.stacks.baseline import internet_gateways
from modules.foundations.contract import OrganizationContract
from modules.foundations.settings import InternetGateways, InternetGatewaySettings

REFERENCE = Path(__file__).parents[2] / "environments"


@pytest.fixture(name="organization", scope="module")
def _organization() -> Organization:
    return load(REFERENCE)


@pytest.mark.parametrize(
    ("account", "mode"),
    [
        ("fraud-dev", "block-ingress"),  # sandbox
        ("fraud-prod", "block-bidirectional"),  # strict
        ("network", "block-ingress"),  # strict, but the way out
        ("management", "block-ingress"),  # in the root
    ],
)
def test_internet_gateways_are_blocked_by_level(
    organization: Organization, account: str, mode: InternetGateways
) -> None:
    """Strict accounts pass nothing; the network account, which is everybody's way out, lets answers in."""
    assert (
        internet_gateways(_undeclared(organization), organization.account(account), InternetGatewaySettings()) == mode
    )


def test_the_declarative_policy_counts_where_it_reaches(organization: Organization) -> None:
    """It stands at the units, so the management account alone sets for itself what EC2 is."""
    left = {
        account.name: internet_gateways(organization, account, InternetGatewaySettings())
        for account in organization.accounts
    }
    assert left.pop("management") == "block-ingress"
    assert set(left.values()) == {None}


def _undeclared(organization: Organization) -> Organization:
    settings = organization.settings("org")
    policies = settings.foundations.policies
    off = policies.model_copy(update={"declarative": policies.declarative.model_copy(update={"enabled": False})})
    foundations = settings.foundations.model_copy(update={"policies": off})
    org = settings.model_copy(update={"foundations": foundations})
    return organization.model_copy(update={"module_settings": {**organization.module_settings, "org": org}})


def test_what_others_manage_is_left_to_them(organization: Organization) -> None:
    """`off` is not tightened for the network account either."""
    settings = InternetGatewaySettings(strict="off")
    assert internet_gateways(_undeclared(organization), organization.account("network"), settings) == "off"


def test_baselines_abroad_stand_on_the_one_at_home(organization: Organization) -> None:
    """Roles are global and made at home, so the other regions wait for it."""
    graph = StackGraph(organization)
    for account in organization.accounts:
        assert f"{account.name}-baseline" in graph.nodes[f"{account.name}-baseline-eu-central-1"].producers


def test_the_id_of_the_organisation_is_read_where_something_is_opened_to_it(organization: Organization) -> None:
    """A pinned account names the organisation to who lists its usage, at home; abroad no key is open to all of it."""
    pinned = tuple(account.model_copy(update={"id": "999999999999"}) for account in organization.accounts)
    graph = StackGraph(organization.model_copy(update={"accounts": pinned}))
    baselines = [node for node in graph.nodes.values() if node.stack == "baseline"]
    reading = {node.id for node in baselines if OrganizationContract in node.consumes}
    assert reading == {node.id for node in baselines if node.region == organization.home_region}
