"""Grants of Lake Formation: what may be said, what producers and readers get, and what a team sees of a table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from constructs import Construct

from modules.core.errors import ConfigError
from modules.core.handshake import Edge
from modules.data_lake.edges import PRODUCES
from modules.data_lake.grant import Grant, Location, Part, Tagged
from modules.data_lake.grants import Grants
from modules.data_lake.opt_ins import OptIns
from modules.data_lake.producer_grants import ProducerGrants
from modules.data_lake.products import Products
from modules.data_lake.reader_grants import ReaderGrants
from modules.data_lake.settings import DomainLake
from tests.support.lake import GOVERNANCE, OWNER, Tags, lake, reading
from tests.support.rendering import NAMING, Rendered, TestStack, render

ROLE = "arn:aws:iam::222222222222:role/acme-dev-fraud-pipeline"
TABLES = Tagged("TABLE", {"domain": ("customers",), "stage": ("published",)})
READERS: dict[str, dict[str, Any]] = {
    "fraud": {"sensitivity": "internal", "filters": {"profile.consent": "current_in_ireland"}},
    "lending": {"sensitivity": "confidential"},
}


def _grants(**grants: Grant) -> Rendered:
    return render(lambda stack: Grants(stack, "grants", naming=GOVERNANCE, grants=grants))


@pytest.mark.parametrize("permission", ["ALL", "SUPER", "DROP", "DELETE"])
def test_all_and_what_destroys_is_never_granted(permission: str) -> None:
    """A library that passes text is told which permission is refused, to whom, and what may be granted."""
    with pytest.raises(ConfigError, match=f"{re.escape(ROLE)} holds {permission}, which is never granted: .*SELECT"):
        Grant(ROLE, (permission,), TABLES, GOVERNANCE.account_id)  # type: ignore[arg-type]


def test_a_grant_names_its_permissions() -> None:
    """No permissions is an error, not whatever AWS makes of it."""
    with pytest.raises(ConfigError, match="has no permissions"):
        Grant(ROLE, (), TABLES, GOVERNANCE.account_id)


@pytest.mark.parametrize("principal", ["IAM_ALLOWED_PRINCIPALS", "222222222222", "arn:aws:iam::222222222222:root"])
def test_a_grant_goes_to_one_role(principal: str) -> None:
    """Everybody, an account or its root is nobody that data is granted to."""
    with pytest.raises(ConfigError, match="must name one role by its ARN"):
        Grant(principal, ("SELECT",), TABLES, GOVERNANCE.account_id)


def test_a_grant_outside_the_ontology_is_refused() -> None:
    """An expression over a tag or value that does not exist would match nothing, or what somebody makes later."""
    with pytest.raises(ConfigError, match="'stage' has no value 'live'"):
        Tagged("TABLE", {"domain": ("customers",), "stage": ("live",)})


def test_a_grant_on_the_catalogue_of_another_account_is_refused() -> None:
    """Who was granted data does not grant it on: the error says whose catalogue it is and where the grant belongs."""
    shared = Grant(ROLE, ("SELECT",), TABLES, "111111111111")
    with pytest.raises(ConfigError) as caught:
        _grants(pass_on=shared)
    for part in ("111111111111", GOVERNANCE.account_id, ROLE, "make it in the stack of the owner"):
        assert part in str(caught.value)


def test_a_grant_is_written_as_aws_gives_it_back() -> None:
    """Permissions, keys and values are sorted and single: else the provider replaces the grant at every apply."""
    on = Tagged(
        "TABLE", {"stage": ("published",), "layer": ("curated", "analytics", "curated"), "domain": ("customers",)}
    )
    written = _grants(read=Grant(ROLE, ("SELECT", "DESCRIBE", "SELECT"), on, GOVERNANCE.account_id))
    body = written.one("aws_lakeformation_permissions")
    assert body["permissions"] == ["DESCRIBE", "SELECT"]
    assert body["lf_tag_policy"]["expression"] == [
        {"key": "domain", "values": ["customers"]},
        {"key": "layer", "values": ["analytics", "curated"]},
        {"key": "stage", "values": ["published"]},
    ]


def test_no_grant_can_be_passed_on() -> None:
    """None has the grant option, whatever it is on."""
    part, place = Part("customers_profile", "consent", "current_in_ireland"), Location("arn:aws:s3:::b")
    written = _grants(
        tagged=Grant(ROLE, ("SELECT",), TABLES, GOVERNANCE.account_id),
        part=Grant(ROLE, ("SELECT",), part, GOVERNANCE.account_id),
        place=Grant(ROLE, ("DATA_LOCATION_ACCESS",), place, GOVERNANCE.account_id),
    )
    found = written.all("aws_lakeformation_permissions").values()
    assert len(found) == 3
    assert not any("permissions_with_grant_option" in each for each in found)


def _catalog(settings: DomainLake) -> Rendered:
    def build(stack: Construct) -> None:
        products = Products(stack, "products", naming=GOVERNANCE, owner=OWNER, domain="customers", settings=settings)
        for team, consumption in READERS.items():
            ReaderGrants(
                stack,
                team,
                naming=GOVERNANCE,
                reader=NAMING,
                team=team,
                reading=reading("customers", settings, **consumption),
                filters=products.filters,
            )

    return render(build)


@pytest.fixture(name="settings", scope="module")
def _settings() -> DomainLake:
    return lake("customers")


@pytest.fixture(name="catalog", scope="module")
def _rendered(settings: DomainLake) -> Rendered:
    return _catalog(settings)


def _of(rendered: Rendered, principal: str) -> list[dict[str, Any]]:
    found = rendered.all("aws_lakeformation_permissions").values()
    return [each for each in found if each["principal"].endswith(f"/acme-dev-{principal}")]


def _sees(catalog: Rendered, principal: str, published: Sequence[str]) -> dict[str, set[str]]:
    """The columns that the principal sees by tags of each table of customers.profile, when `published` are."""
    tags = Tags(catalog)
    tables = [each for each in _of(catalog, principal) if each.get("lf_tag_policy", {}).get("resource_type") == "TABLE"]
    assert [each["permissions"] for each in tables] == [["DESCRIBE", "SELECT"]]
    wanted = {each["key"]: each["values"] for each in tables[0]["lf_tag_policy"]["expression"]}

    def meets(carried: Mapping[str, str]) -> bool:
        return all(carried.get(key) in values for key, values in wanted.items())

    found: dict[str, set[str]] = {}
    for name, table in lake("customers").products["profile"].tables.items():
        gate = {"stage": "published"} if name in published else {}
        seen = {column for column in table.columns if meets(tags.of("customers_profile", name, column) | gate)}
        found |= {name: seen} if seen else {}
    return found


def test_team_fraud_does_not_see_how_to_reach_a_customer_nor_when_born(catalog: Rendered) -> None:
    """Cleared for internal data, it sees the published table without its confidential and restricted columns."""
    seen = _sees(catalog, "fraud-data-scientist", ["customer", "consent"])
    assert seen == {"customer": {"customer_id", "segment", "country", "customer_since", "snapshot_date"}}


def test_team_lending_sees_how_to_reach_a_customer_but_not_when_born(catalog: Rendered) -> None:
    """Cleared for confidential data, it sees the address and not the restricted day of birth."""
    seen = _sees(catalog, "lending-pipeline", ["customer", "consent"])
    assert set(seen) == {"customer"}
    assert "email" in seen["customer"]
    assert "birth_date" not in seen["customer"]


def test_nobody_sees_a_draft(catalog: Rendered) -> None:
    """Before the gate has published them, no table shows a column to anybody."""
    assert _sees(catalog, "fraud-pipeline", []) == {}
    assert _sees(catalog, "lending-pipeline", []) == {}


def test_a_part_beyond_the_clearance_goes_by_the_owners_filter(catalog: Rendered, settings: DomainLake) -> None:
    """Who was given the filter may select it, and waits for it; nobody else may, and no table is granted by name."""
    parts = [each for each in catalog.all("aws_lakeformation_permissions").values() if "data_cells_filter" in each]
    assert {each["principal"].rpartition("/")[2] for each in parts} == {
        "acme-dev-fraud-data-scientist",
        "acme-dev-fraud-pipeline",
    }
    filter_ = next(iter(catalog.all("aws_lakeformation_data_cells_filter")))
    for each in parts:
        assert each["permissions"] == ["SELECT"]
        assert each["data_cells_filter"] == {
            "database_name": "customers_profile",
            "table_name": "consent",
            "name": "current_in_ireland",
            "table_catalog_id": "999999999999",
        }
        assert each["depends_on"] == [f"aws_lakeformation_data_cells_filter.{filter_}"]
    others = {kind for each in catalog.all("aws_lakeformation_permissions").values() for kind in each}
    assert not others & {"table", "table_with_columns", "database", "permissions_with_grant_option"}


def test_of_databases_a_reader_is_told_the_names(catalog: Rendered) -> None:
    """DESCRIBE on databases of the layers that it reads, and no more."""
    told = [
        each
        for each in _of(catalog, "fraud-pipeline")
        if each.get("lf_tag_policy", {}).get("resource_type") == "DATABASE"
    ]
    assert [each["permissions"] for each in told] == [["DESCRIBE"]]
    assert told[0]["lf_tag_policy"]["expression"] == [
        {"key": "domain", "values": ["customers"]},
        {"key": "layer", "values": ["curated"]},
    ]


def test_a_filter_that_the_domain_does_not_have_is_an_error(settings: DomainLake) -> None:
    """A grant by a wrong name would open nothing, or what is called so later."""
    wrong = reading("customers", settings, filters={"profile.customer": "nowhere"})

    def build(stack: Construct) -> None:
        ReaderGrants(
            stack, "r", naming=GOVERNANCE, reader=NAMING, team="fraud", reading=wrong, filters={"profile.customer": {}}
        )

    with pytest.raises(ConfigError, match=r"no filter nowhere on a table profile\.customer"):
        render(build)


def test_readers_and_producers_render_their_sides(settings: DomainLake) -> None:
    """The grants of each are the side "grants" of its edge."""
    sides: set[tuple[Edge, str]] = set()
    read = reading("customers", settings)
    produces = Edge(PRODUCES, "domain customers", "data-governance")

    def build(stack: Construct) -> None:
        ReaderGrants(stack, "r", naming=GOVERNANCE, reader=NAMING, team="fraud", reading=read, filters={})
        _produce(stack, settings, produces)
        assert isinstance(stack, TestStack)
        sides.update(stack.sides)

    render(build)
    assert sides == {(read.edge, "grants"), (produces, "grants")}


def _produce(stack: Construct, settings: DomainLake, edge: Edge) -> None:
    ProducerGrants(
        stack,
        "producer",
        naming=GOVERNANCE,
        owner=OWNER,
        domain="customers",
        settings=settings,
        zones={"raw": "arn:aws:s3:::raw", "curated": "arn:aws:s3:::curated"},
        produces=edge,
    )


@pytest.fixture(name="producer", scope="module")
def _producer(settings: DomainLake) -> Rendered:
    return render(lambda stack: _produce(stack, settings, Edge(PRODUCES, "domain customers", "data-governance")))


def _granted(rendered: Rendered, role: str) -> dict[tuple[str, ...], list[str]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for each in rendered.all("aws_lakeformation_permissions").values():
        if not each["principal"].endswith(f":role/acme-prod-customers-{role}"):
            continue
        if "data_location" in each:
            found[("LOCATION", each["data_location"]["arn"])] = each["permissions"]
            continue
        policy = each["lf_tag_policy"]
        wanted = {term["key"]: term["values"] for term in policy["expression"]}
        assert wanted.pop("domain") == ["customers"]
        assert set(wanted) == {"layer"}
        found[(policy["resource_type"], *wanted["layer"])] = each["permissions"]
    return found


def test_a_crawler_works_on_the_raw_layer_alone(producer: Rendered) -> None:
    """It makes and alters tables of what it finds there, and points them at the raw zone."""
    assert _granted(producer, "crawler") == {
        ("DATABASE", "raw"): ["CREATE_TABLE", "DESCRIBE"],
        ("TABLE", "raw"): ["ALTER", "DESCRIBE", "SELECT"],
        ("LOCATION", "arn:aws:s3:::raw"): ["DATA_LOCATION_ACCESS"],
    }


def test_a_job_reads_raw_and_writes_products_and_makes_no_table(producer: Rendered) -> None:
    """What tables there are the catalogue's stack says; the job fills them."""
    assert _granted(producer, "job") == {
        ("DATABASE", "raw"): ["DESCRIBE"],
        ("TABLE", "raw"): ["DESCRIBE", "SELECT"],
        ("DATABASE", "curated"): ["DESCRIBE"],
        ("TABLE", "curated"): ["ALTER", "DESCRIBE", "INSERT", "SELECT"],
        ("LOCATION", "arn:aws:s3:::curated"): ["DATA_LOCATION_ACCESS"],
    }


def test_in_a_migration_a_reader_opts_in_to_databases_and_their_tables() -> None:
    """The database first: tables of another account's database count only then."""
    rendered = render(
        lambda stack: OptIns(
            stack, "opt-ins", naming=GOVERNANCE, principal=ROLE, databases={"customers_profile": "customers_profile"}
        )
    )
    found = rendered.all("aws_lakeformation_opt_in")
    data = {name: each["resource_data"][0] for name, each in found.items()}
    database = next(name for name, each in data.items() if "database" in each)
    tables = next(name for name, each in data.items() if "table" in each)
    assert data[tables]["table"] == [
        {"catalog_id": GOVERNANCE.account_id, "database_name": "customers_profile", "wildcard": True}
    ]
    assert found[tables]["depends_on"] == [f"aws_lakeformation_opt_in.{database}"]
    assert {each["principal"][0]["data_lake_principal_identifier"] for each in found.values()} == {ROLE}


def test_a_role_may_be_named_by_an_account_that_aws_has_yet_to_number() -> None:
    """An ARN whose account is read from the organisation's state is an ARN of one role."""
    reader = replace(NAMING, account_id="${data.terraform_remote_state.o.outputs.account_ids.fraud-dev}")
    grant = Grant(reader.role_arn("fraud-pipeline"), ("SELECT",), TABLES, GOVERNANCE.account_id)
    assert grant.principal.endswith(":role/acme-dev-fraud-pipeline")
