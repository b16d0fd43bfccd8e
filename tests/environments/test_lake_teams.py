"""Teams at work with data: their stacks, and the ways to the domains that they read."""

from __future__ import annotations

import json
from pathlib import Path

import cdktf
import pytest

from environments.build import synthesise
from environments.compose import compose
from environments.graph import StackGraph
from environments.load import load
from environments.manifest import STACK_FILE
from modules.core.errors import HandshakeError
from modules.ml_use_case.studio_settings import STUDIO_PERSONAS
from tests.support.organisations import ORGANISATIONS, once
from tests.support.rendering import Rendered

ROOT = Path(__file__).parents[2]


@pytest.fixture(name="acme", scope="module")
def _acme() -> StackGraph:
    return StackGraph(load(ROOT / "environments"))


@pytest.fixture(name="minnow", scope="module")
def _minnow() -> StackGraph:
    return StackGraph(load(ROOT / "examples" / "small"))


@pytest.fixture(name="links", scope="module")
def _links(shared: Path) -> Rendered:
    return _written(shared, "acme", "fraud-dev-links")


@pytest.fixture(name="consumer", scope="module")
def _consumer(shared: Path) -> Rendered:
    return _written(shared, "acme", "fraud-dev-consumer")


def _written(shared: Path, organisation: str, stack_id: str) -> Rendered:
    """One stack alone: the whole organisation takes longer than all tests here."""
    config = ORGANISATIONS[organisation]
    out = once(shared / f"{organisation}-{stack_id}", lambda target: synthesise(config, target, select=stack_id))
    return Rendered(json.loads((out / "stacks" / stack_id / STACK_FILE).read_bytes()))


def test_a_team_finds_what_it_reads_in_its_own_catalogue(links: Rendered) -> None:
    """Each database of the layers that the team reads is linked to the catalogue of the governance account."""
    targets = {each["name"]: each["target_database"] for each in links.all("aws_glue_catalog_database").values()}
    central = {name: each for name, each in targets.items() if "account_ids.data-governance}" in each["catalog_id"]}
    assert set(central) == {"customers_profile", "payments_behaviour", "payments_cards"}
    assert {name: each["database_name"] for name, each in central.items()} == {name: name for name in central}


def test_the_consumer_side_grants_nothing_but_the_way_to_its_links(links: Rendered, consumer: Rendered) -> None:
    """No stack of a team grants what another account owns: it lets the team's roles describe its own links, no more.

    Terraform could not read such a grant back (terraform-provider-aws #26602, #38982).
    """
    grants = links.all("aws_lakeformation_permissions").values()
    assert grants
    assert {name for each in grants for name in each["permissions"]} == {"DESCRIBE"}
    assert {each["database"]["catalog_id"] for each in grants} == {
        "${data.terraform_remote_state.management-organization.outputs.account_ids.fraud-dev}"
    }
    assert not any("permissions_with_grant_option" in each for each in grants)
    assert not [kind for kind in consumer.document["resource"] if kind.startswith(("aws_lakeformation_", "aws_ram_"))]


def test_a_team_explores_in_dev_alone(consumer: Rendered, shared: Path) -> None:
    """The roles of people stand in the team's dev account; elsewhere jobs read data, and endpoints answer."""
    stacks = {"dev": consumer, "prod": _written(shared, "acme", "fraud-prod-consumer")}
    roles = {stage: {each["name"] for each in stack.all("aws_iam_role").values()} for stage, stack in stacks.items()}
    assert roles == {
        "dev": {f"acme-dev-fraud-{what}" for what in (*STUDIO_PERSONAS, "pipeline", "serving")},
        "prod": {"acme-prod-fraud-pipeline", "acme-prod-fraud-serving"},
    }


def test_queries_name_the_columns_of_the_clearance(links: Rendered) -> None:
    """What a team finds ready never names a column that it may not see."""
    queries = {each["name"]: each["query"] for each in links.all("aws_athena_named_query").values()}
    assert '"birth_date"' not in "".join(queries.values())
    assert '"email"' not in queries["sample-customers_profile.customer"]
    assert '"signed_text"' not in queries["sample-customers_profile.consent"]


def test_who_shares_an_account_has_links_of_their_own(shared: Path) -> None:
    """In the account of a domain and a team the team's links are called after it, beside those of the domain."""
    made = _written(shared, "minnow", "workload-links-scoring").all("aws_glue_catalog_database").values()
    called = {each["target_database"]["database_name"]: each["name"] for each in made}
    assert called["orders_shop"] == "orders_shop_scoring"
    assert all(name == f"{database}_scoring" for database, name in called.items())


def test_a_consumer_without_its_links_does_not_synthesise(acme: StackGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """A way of which one side is missing is refused, and the error names the way and the side."""
    monkeypatch.setattr("environments.stacks.links.readings", lambda stack: [])
    with pytest.raises(HandshakeError, match=r"fraud-dev reads domain customers: its side 'links' .* is missing"):
        compose(cdktf.Testing.app(), acme, acme.nodes["fraud-dev-links"])


def test_shares_are_accepted_by_the_organisation_before_anybody_is_granted(
    acme: StackGraph, minnow: StackGraph
) -> None:
    """RAM shares with the whole organisation, so that grants across accounts need no acceptance; grants come later."""
    for graph in (acme, minnow):
        tree = graph.nodes["management-organization"]
        assert "ram.amazonaws.com" in graph.organization.settings("org").foundations.trusted_services
        grants = [node for node in graph.nodes.values() if node.stack == "catalog"]
        assert grants
        assert all(tree.id in _before(graph, node.id) for node in grants)


def _before(graph: StackGraph, stack_id: str) -> set[str]:
    """Every stack that is applied before this one because of it."""
    direct = set(graph.nodes[stack_id].producers)
    return direct.union(*(_before(graph, each) for each in direct)) if direct else direct


def test_who_reads_nothing_any_more_loses_the_links(acme: StackGraph) -> None:
    """The stack of links stays where a team reads nothing, to take down what it had; one that reads has it in use."""
    teams = tuple(team.model_copy(update={"consumes": {}}) for team in acme.organization.teams)
    quiet = acme.organization.model_copy(update={"teams": teams, "features": ()})
    graph = StackGraph(quiet)
    after = {node.id: node.dismantled for node in graph.nodes.values() if node.stack == "links"}
    assert set(after) == {node.id for node in acme.nodes.values() if node.stack == "links"}
    assert set(after.values()) == {True}
    assert not any(node.dismantled for node in acme.nodes.values())
    emptied = compose(cdktf.Testing.app(), graph, graph.nodes["fraud-dev-links"])
    assert "resource" not in json.loads(cdktf.Testing.synth(emptied))
