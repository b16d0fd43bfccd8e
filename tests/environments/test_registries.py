"""Which accounts' registries hold a project's model, and from which accounts it is found."""

from __future__ import annotations

from environments.lake import desks
from environments.load import load
from environments.workplaces import hub_users, registered_projects, registries, registry_readers
from tests.support.organisations import ORGANISATIONS


def test_a_model_is_in_each_registry_and_found_from_the_accounts_of_its_stages() -> None:
    """dev and test find it in one account, prod in the other; the hub is used where there is Studio."""
    acme = load(ORGANISATIONS["acme"])
    test, prod = (acme.account(f"ml-shared-services-{stage}") for stage in ("test", "prod"))
    assert registered_projects(acme, test) == registered_projects(acme, prod) == acme.projects
    names = [desk.account.name for desk in registry_readers(acme, test)]
    assert names == ["fraud-dev", "fraud-test", "lending-dev", "lending-test"]
    assert [desk.account.name for desk in registry_readers(acme, prod)] == ["fraud-prod", "lending-prod"]
    assert [desk.account.name for desk in hub_users(acme, test)] == ["fraud-dev", "lending-dev"]
    assert hub_users(acme, prod) == ()


def test_one_account_for_all_stages_finds_its_models_in_one_registry() -> None:
    """Where one account serves dev, test and prod of a team there is one registry, and one way to it."""
    minnow = load(ORGANISATIONS["minnow"])
    (desk,) = desks(minnow)
    assert [account.name for account in registries(minnow, desk)] == ["platform"]
    assert registry_readers(minnow, minnow.account("platform")) == (desk,)
