"""Who finds, uses, feeds and recalls central feature groups: units resolved to teams, and every side of each way."""

from __future__ import annotations

import json
from pathlib import Path

import cdktf
import pytest

from environments.compose import compose
from environments.features import central_group, finds, reached, stores, users
from environments.graph import StackGraph
from environments.lake import desks
from environments.load import load
from environments.model import Organization
from environments.stacks.lake import vocabulary_of
from modules.core.errors import HandshakeError
from modules.core.handshake import Edge
from modules.feature_store.edges import FEEDS
from modules.feature_store.settings import Reach

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module", name="acme")
def _acme() -> Organization:
    return load(ROOT / "environments")


def _with(organization: Organization, **changed: object) -> Organization:
    return organization.model_copy(update=changed)


def test_a_unit_is_all_accounts_below_it_however_deep(acme: Organization) -> None:
    """Accounts of nested units count, those beside do not, and an empty unit is no error (complaint 13)."""
    teams = {f"{team}-{stage}" for team in ("fraud", "lending") for stage in ("dev", "test", "prod")}
    assert _reached(acme, "ml") == teams
    assert _reached(acme, "workloads") == teams
    assert _reached(acme, "ml-production") == {"fraud-prod", "lending-prod"}
    assert _reached(acme, "data") == set()
    assert _reached(acme, "suspended") == set()


def _reached(organization: Organization, unit: str) -> set[str]:
    return {desk.account.name for desk in reached(organization, Reach(units=(unit,)))}


def _finders(organization: Organization) -> set[str]:
    return {desk.team.name for desk in desks(organization) if finds(organization, desk)}


def test_a_share_with_a_unit_reaches_its_teams_and_one_with_a_team_all_its_accounts(acme: Organization) -> None:
    """What the reference organisation says of card-velocity, account by account."""
    assert {user.desk.account.name: dict(user.levels) for user in users(acme)} == {
        **{f"fraud-{stage}": {"card-velocity": "read_write"} for stage in ("dev", "test", "prod")},
        **{f"lending-{stage}": {"card-velocity": "read"} for stage in ("dev", "test", "prod")},
    }
    assert {user.desk.team.name for user in users(acme) if user.feeds} == {"fraud"}
    assert _finders(acme) == {"fraud", "lending"}


def test_a_team_that_is_leaving_uses_and_finds_nothing(acme: Organization) -> None:
    """Its own store stays while its account does."""
    teams = tuple(
        team.model_copy(update={"offboarding": "access-removed"}) if team.name == "lending" else team
        for team in acme.teams
    )
    leaving = _with(acme, teams=teams)
    assert {user.desk.team.name for user in users(leaving)} == {"fraud"}
    assert _finders(leaving) == {"fraud"}
    assert "lending-dev" in {store.account.name for store in stores(leaving)}


def test_groups_stand_with_their_team_and_the_central_ones_once_more(acme: Organization) -> None:
    """Contributing a group leaves the one that the team develops where it is."""
    found = {store.account.name: [group.feature_group for group in store.groups] for store in stores(acme)}
    assert found == {
        "feature-store": ["card-velocity"],
        "fraud-dev": ["card-velocity"],
        "lending-dev": ["customer-embedding"],
    }


def test_the_store_is_made_before_who_links_to_it_and_after_whom_it_grants(acme: Organization) -> None:
    """A grant needs the role, a link the database; nothing waits in a circle."""
    order = list(StackGraph(acme).nodes)
    for account in ("fraud-dev", "lending-prod"):
        assert (
            order.index(f"{account}-consumer") < order.index("feature-store-features") < order.index(f"{account}-links")
        )


def test_a_reader_alone_gets_the_link_too(acme: Organization) -> None:
    """A team that reads no data domain still has a stack of links when it reads histories."""
    teams = tuple(team.model_copy(update={"consumes": {}}) for team in acme.teams)
    node = StackGraph(_with(acme, teams=teams)).nodes["lending-test-links"]
    assert "feature-store-features" in node.after
    assert not any(name.startswith("data-governance-catalog") for name in node.after)


def _roles(acme: Organization, stack: str) -> dict[str, dict[str, object]]:
    document = compose(cdktf.Testing.app(), graph := StackGraph(acme), graph.nodes[stack]).to_terraform()
    (policy,) = (
        each["policy"]
        for each in document["resource"]["aws_iam_role_policy"].values()
        if each["name"].endswith("-pipeline")
    )
    return {each["Sid"]: each for each in json.loads(policy)["Statement"]}


def test_what_a_role_may_do_is_what_its_team_is_given(acme: Organization) -> None:
    """Lending reads the central group, and develops its own in its dev account; it sends no records to the store."""
    said = _roles(acme, "lending-dev-consumer")
    assert str(said["ReadCentralFeatures"]["Resource"]).endswith("feature-group/acme-org-card-velocity")
    assert str(said["ManageOwnFeatures"]["Resource"]).endswith("feature-group/acme-dev-customer-embedding")
    assert {"FindFeatures", "FindFeatureHistory"} <= said.keys()
    assert not {"WriteCentralFeatures", "SendRecords"} & said.keys()
    assert {"WriteCentralFeatures", "SendRecords"} <= _roles(acme, "fraud-prod-consumer").keys()


def test_a_way_without_one_of_its_sides_does_not_synthesise(
    acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the roles may not send, though the queue admits them, the message names the way, the side and the stack."""
    monkeypatch.setattr("environments.stacks.feature_desk._feeds", lambda stack, store, groups: ())
    edge = Edge(FEEDS, "team fraud in fraud-prod", central_group("card-velocity"))
    with pytest.raises(HandshakeError) as caught:
        _roles(acme, "fraud-prod-consumer")
    assert str(caught.value).startswith(f"{edge}: its side 'roles' (the team's roles, which may send")
    assert "is missing in the stack fraud-prod-consumer" in str(caught.value)


def test_tags_keep_what_tables_may_carry(acme: Organization) -> None:
    """AWS drops no value that is in use: retired groups stay in the vocabulary, and so does every team."""
    retired = _with(acme, features=(), retired_features={"old-spend": "claims"})
    tags = vocabulary_of(retired, acme.account("feature-store"))
    assert tags["feature_group"] == ("old-spend",)
    assert tags["domain"] == ("claims", "fraud", "lending")
    assert "feature_group" not in vocabulary_of(acme, acme.account("fraud-dev"))
    assert vocabulary_of(acme, acme.account("fraud-dev"))["domain"] == ("fraud",)
    assert vocabulary_of(acme, acme.account("fraud-prod")) == {}
