"""Whose usage is listed, and where what nobody uses may be stopped, in the reference organisation."""

from __future__ import annotations

from typing import Any

import pytest

from environments.graph import StackGraph
from environments.load import load
from environments.model import Organization
from environments.observers import reported_accounts, stopping_accounts
from modules.cost_reporting.edges import READS_USAGE, STOPS_WASTE
from tests.support.organisations import ORGANISATIONS


@pytest.fixture(name="acme", scope="module")
def _acme() -> Organization:
    return load(ORGANISATIONS["acme"])


def with_stop(organization: Organization, mode: str) -> Organization:
    """The organisation with another mode of stopping in dev."""
    settings = organization.settings("dev")
    usage = settings.cost_reporting.usage
    stop = usage.stop.model_copy(update={"mode": mode})
    costs = settings.cost_reporting.model_copy(update={"usage": usage.model_copy(update={"stop": stop})})
    dev = settings.model_copy(update={"cost_reporting": costs})
    return organization.model_copy(update={"module_settings": {**organization.module_settings, "dev": dev}})


def ends(organization: Organization, kind: Any) -> set[tuple[str, str]]:
    """From which account to which a way of this kind leads."""
    found = [each.edge for each in StackGraph(organization).handshakes if each.edge.kind is kind]
    assert len(found) == len(set(found))
    return {(edge.source, edge.target) for edge in found}


def test_every_account_but_one_s_own_has_a_way_from_the_inventory(acme: Organization) -> None:
    """In its own account the inventory becomes the role there without a way of two sides."""
    others = {account.name for account in acme.accounts} - {"observability-prod"}
    assert ends(acme, READS_USAGE) == {("observability-prod", name) for name in others}


def test_an_account_on_its_way_out_is_not_listed(acme: Organization) -> None:
    """Everything is denied there, so that each hour would fail."""
    leaving = acme.account("fraud-dev")
    gone = acme.model_copy(
        update={
            "accounts": tuple(
                account.suspended("suspended") if account == leaving else account for account in acme.accounts
            )
        }
    )
    assert {each.name for each in reported_accounts(acme)} - {each.name for each in reported_accounts(gone)} == {
        leaving.name
    }


def test_apps_are_stopped_in_accounts_of_ml_teams_for_development_alone(acme: Organization) -> None:
    """By the mode that dev says: with `off` there is neither role nor way. An account of all stages has none either."""
    dev = {account.name for account in acme.accounts if account.environment == "dev" and account.team}
    assert {target for _, target in ends(acme, STOPS_WASTE)} == dev
    assert stopping_accounts(with_stop(acme, "off")) == ()
    shared = tuple(account.model_copy(update={"environment": "org"}) for account in acme.accounts)
    assert stopping_accounts(with_stop(acme, "on").model_copy(update={"accounts": shared})) == ()
