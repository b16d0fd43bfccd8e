"""Which accounts' registries hold a project's model, and from which accounts it is found."""

from __future__ import annotations

from environments.lake import desks
from environments.load import load
from environments.workplaces import hub_users, registered_projects, registry_readers, release_account
from tests.support.organisations import ORGANISATIONS


def test_a_model_is_in_one_registry_and_found_from_every_account_of_its_team() -> None:
    """The registry stands where models are released, in production; the hub is used where there is Studio."""
    acme = load(ORGANISATIONS["acme"])
    test, prod = (acme.account(f"ml-shared-services-{stage}") for stage in ("test", "prod"))
    assert release_account(acme) == prod
    assert (registered_projects(acme, test), registered_projects(acme, prod)) == ((), acme.projects)
    assert registry_readers(acme, test) == ()
    found = [desk.account.name for desk in registry_readers(acme, prod)]
    assert found == [f"{team}-{stage}" for team in ("fraud", "lending") for stage in ("dev", "prod", "test")]
    assert [desk.account.name for desk in hub_users(acme, test)] == ["fraud-dev", "lending-dev"]
    assert hub_users(acme, prod) == ()


def test_one_account_for_all_stages_finds_its_models_in_one_registry() -> None:
    """Where one account serves dev, test and prod of a team there is one registry, and one way to it."""
    minnow = load(ORGANISATIONS["minnow"])
    (desk,) = desks(minnow)
    assert release_account(minnow) == minnow.account("platform")
    assert registry_readers(minnow, minnow.account("platform")) == (desk,)
