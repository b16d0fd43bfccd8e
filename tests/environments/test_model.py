"""What the loaded organisation answers."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from environments.load import load
from environments.model import Organization
from environments.vocabulary import ENVIRONMENTS, SINGLE_ROLES, STAGED_ROLES, Environment
from tests.environments.spoiled import ROOT, SMALL


@pytest.fixture(scope="module")
def acme() -> Organization:
    """The reference organisation."""
    return load(ROOT / "environments")


@pytest.fixture(scope="module")
def minnow() -> Organization:
    """The organisation of three accounts."""
    return load(SMALL)


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ("org", "observability-prod"),
        ("dev", "observability-test"),
        ("test", "observability-test"),
        ("prod", "observability-prod"),
    ],
)
def test_an_environment_is_served_by_its_own_account_and_dev_by_that_of_test(
    acme: Organization, environment: Environment, name: str
) -> None:
    """Where a role has an account for test and one for prod, dev goes with test, and org with prod."""
    assert acme.account_for("observability", environment).name == name


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_role_of_the_platform_serves_every_environment(
    acme: Organization, minnow: Organization, environment: Environment
) -> None:
    """`account_for` answers for every role and environment of a loaded organisation."""
    for organization in (acme, minnow):
        for role in (*SINGLE_ROLES, *STAGED_ROLES):
            assert role in organization.account_for(role, environment).roles


def test_the_only_account_with_a_role_serves_every_environment(minnow: Organization) -> None:
    """A platform account that belongs to prod alone is still found from dev when there is no other."""
    accounts = tuple(account.model_copy(update={"environment": "prod"}) for account in minnow.accounts)
    assert minnow.model_copy(update={"accounts": accounts}).account_for("observability", "dev").name == "platform"


def test_a_vended_account_knows_its_team_and_unit(acme: Organization) -> None:
    """`fraud-dev` is made from teams/fraud.yaml by the rules of vending."""
    account = acme.account("fraud-dev")
    assert (account.team, account.domain, account.unit) == ("fraud", None, "ml-non-production")
    assert (account.environment, account.roles, account.id) == ("dev", ("ml-team",), None)


def test_an_account_used_by_one_team_and_one_domain_knows_both(minnow: Organization) -> None:
    """The account that a team and a data domain share has both, as each is the only one of its kind."""
    account = minnow.account("workload")
    assert (account.team, account.domain) == ("scoring", "orders")


def test_a_team_names_its_account_for_each_stage(acme: Organization, minnow: Organization) -> None:
    """Team accounts are names of accounts: three vended ones, or one used three times."""
    fraud = next(team for team in acme.teams if team.name == "fraud")
    assert [fraud.account(stage) for stage in ("dev", "test", "prod")] == ["fraud-dev", "fraud-test", "fraud-prod"]
    assert {minnow.teams[0].account(stage) for stage in ("dev", "test", "prod")} == {"workload"}


def test_accounts_are_found_by_role(acme: Organization) -> None:
    """`with_role` gives every account with the role, in the order of their names."""
    assert [account.name for account in acme.with_role("data-domain")] == ["data-customers", "data-payments"]


def test_units_inherit_kind_and_guardrails(acme: Organization) -> None:
    """ml-non-production says no guardrails of its own, nor does ml: those of workloads hold."""
    units = {unit.key: unit for unit in acme.units}
    assert units["ml-non-production"].guardrails == "sandbox"
    assert units["ml-production"].guardrails == "strict"
    assert units["ml-production"].kind == "production"


def test_the_management_account_is_pinned_and_stands_in_the_root(acme: Organization, minnow: Organization) -> None:
    """Its id is known before the first plan, and no unit holds it."""
    for organization in (acme, minnow):
        assert organization.management.id == "111111111111"
        assert organization.management.unit is None


def test_an_account_has_a_network_where_it_has_a_cidr(acme: Organization) -> None:
    """The home region comes first, and accounts without a CIDR have no network."""
    assert list(acme.account("lending-prod").networks) == ["eu-west-1", "eu-central-1"]
    assert acme.account("lending-dev").networks == {"eu-west-1": "10.30.0.0/16"}
    assert acme.account("log-archive").networks == {}
    assert [account.name for account in acme.with_vpc("network", "eu-central-1")] == ["lending-prod"]


def test_the_roles_of_an_account_say_which_vpcs_it_has(acme: Organization, minnow: Organization) -> None:
    """Hub, endpoints and spoke follow from the roles, and an account with all roles has all three."""
    assert acme.account("network").vpcs == ("hub",)
    assert acme.account("shared-services").vpcs == ("endpoints",)
    assert acme.account("fraud-dev").vpcs == ("network",)
    assert minnow.account("platform").vpcs == ("endpoints", "hub", "network")


def test_an_unknown_account_is_a_lookup_error(acme: Organization) -> None:
    """Asking for an account that is not there is a mistake of the caller, told by name."""
    with pytest.raises(LookupError, match="no account nobody"):
        acme.account("nobody")


def test_the_organisation_cannot_be_changed(acme: Organization) -> None:
    """Stacks share one organisation, so it is frozen."""
    with pytest.raises(ValidationError):
        acme.name = "other"  # type: ignore[misc]
