"""Each account has the budgets of those who work in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from environments.budgets import budgets
from environments.load import load
from environments.model import Organization

ROOT = Path(__file__).parents[2]


@pytest.fixture(name="small", scope="module")
def _small() -> Organization:
    return load(ROOT / "examples" / "small")


@pytest.fixture(name="reference", scope="module")
def _reference() -> Organization:
    return load(ROOT / "environments")


def test_a_team_has_a_budget_in_each_of_its_accounts(reference: Organization) -> None:
    """The amount is that of the stage, the owner hears of it, and an account of its own needs no tag."""
    found = {
        stage: budgets(reference, reference.account(f"fraud-{stage}"), default_usd=None)
        for stage in ("dev", "test", "prod")
    }
    assert {stage: budget.monthly_usd for stage, (budget,) in found.items()} == {
        "dev": 5000,
        "test": 2000,
        "prod": 10000,
    }
    assert {(budget.email, budget.tag) for (budget,) in found.values()} == {("fraud-lead@acme.example", None)}


def test_owners_of_one_account_are_told_apart_by_tag(small: Organization) -> None:
    """A team's stages in one account add up, and where a data domain stands beside it each counts its own tag."""
    scoring, orders = budgets(small, small.account("workload"), default_usd=100)
    assert (scoring.monthly_usd, scoring.tag) == (2000, ("Team", "scoring"))
    assert (orders.monthly_usd, orders.tag) == (300, ("DataDomain", "orders"))


def test_an_account_without_a_budget_gets_the_default(small: Organization) -> None:
    """The default goes to operations; without a default there is no budget."""
    platform = small.account("platform")
    assert budgets(small, platform, default_usd=None) == ()
    (budget,) = budgets(small, platform, default_usd=250)
    assert (budget.owner, budget.monthly_usd) == ("platform", 250)
    assert budget.email == small.contacts.operations.email


def test_there_are_no_budgets_where_aws_has_none(small: Organization) -> None:
    """GovCloud is paid for by a commercial account, which has the budgets."""
    abroad = small.model_copy(update={"partition": "aws-us-gov"})
    assert budgets(abroad, abroad.account("workload"), default_usd=250) == ()
