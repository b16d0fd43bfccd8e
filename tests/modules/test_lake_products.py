"""The central catalogue: databases and tables of a domain, their LF-tags, the locations of their bytes."""

from __future__ import annotations

from typing import Any

import pytest
from constructs import Construct
from pydantic import ValidationError

from modules.core.errors import ConfigError
from modules.core.handshake import Edge
from modules.data_lake.contract import StorageContract
from modules.data_lake.edges import STORES
from modules.data_lake.lf_tagged import LfTagged
from modules.data_lake.locations import Locations
from modules.data_lake.products import Products
from modules.data_lake.settings import Consumption, DomainLake
from tests.support.lake import GOVERNANCE, OWNER, Tags, lake
from tests.support.rendering import Rendered, render, statements

KEY = "arn:aws:kms:eu-west-1:333333333333:key/abc"
COLUMN = {"type": "string", "description": "An id"}


def _products(domain: str, settings: DomainLake) -> Rendered:
    return render(
        lambda stack: Products(stack, "products", naming=GOVERNANCE, owner=OWNER, domain=domain, settings=settings)
    )


def _locations(settings: DomainLake) -> Rendered:
    def build(stack: Construct) -> None:
        Locations(
            stack,
            "locations",
            naming=GOVERNANCE,
            owner=OWNER,
            domain="customers",
            settings=settings,
            storage=StorageContract(key_arn=KEY),
            stores=Edge(STORES, "Lake Formation", "domain customers"),
            boundary_arn="arn:aws:iam::999999999999:policy/b",
        )

    return render(build)


@pytest.fixture(name="customers", scope="module")
def _customers() -> Rendered:
    return _products("customers", lake("customers"))


@pytest.fixture(name="located", scope="module")
def _located() -> Rendered:
    return _locations(lake("customers"))


def _table(rendered: Rendered, name: str) -> dict[str, Any]:
    return next(each for each in rendered.all("aws_glue_catalog_table").values() if each["name"] == name)


def test_a_table_lies_as_parquet_in_the_zone_of_its_layer(customers: Rendered) -> None:
    """A table points to its own folder of the domain's bucket, and its partition keys are not columns as well."""
    table = _table(customers, "customer")
    stored = table["storage_descriptor"]
    assert stored["location"] == "s3://acme-prod-customers-curated/profile/customer/"
    assert stored["ser_de_info"]["serialization_library"].endswith("ParquetHiveSerDe")
    assert [each["name"] for each in table["partition_keys"]] == ["snapshot_date"]
    columns = {each["name"]: each["comment"] for each in stored["columns"]}
    assert "snapshot_date" not in columns
    assert columns["email"] == "Address for letters"


def test_every_database_says_whose_it_is_its_layer_sensitivity_and_stage(customers: Rendered) -> None:
    """A product's database has the product's tags and is a draft; what crawlers find is restricted."""
    tags = Tags(customers)
    common = {"domain": "customers", "stage": "draft"}
    assert tags.own("customers_profile") == {**common, "layer": "curated", "sensitivity": "internal"}
    assert tags.own("customers_raw") == {**common, "layer": "raw", "sensitivity": "restricted"}


def test_tables_and_columns_say_only_what_differs(customers: Rendered) -> None:
    """A table inherits its database's tags; its own sensitivity and that of its columns override them."""
    tags = Tags(customers)
    assert tags.own("customers_profile", "customer") == {}
    assert tags.own("customers_profile", "consent") == {"sensitivity": "restricted"}
    assert tags.of("customers_profile", "customer", "country")["sensitivity"] == "internal"
    assert tags.of("customers_profile", "customer", "email")["sensitivity"] == "confidential"
    assert tags.of("customers_profile", "customer", "birth_date")["sensitivity"] == "restricted"


def test_terraform_never_publishes_a_table_with_quality_rules(customers: Rendered) -> None:
    """No table of the product has a stage in Terraform: so it is no drift that the gate sets one."""
    tags = Tags(customers)
    assert all("stage" not in tags.own("customers_profile", name) for name in ("customer", "consent"))


def test_a_table_without_rules_is_published_once_its_columns_are_tagged() -> None:
    """The tag that publishes waits for the tags of the table and of every column of it."""
    settings = lake("payments")
    product = settings.products["behaviour"].model_dump(mode="json")
    product["tables"]["monthly_spend"]["columns"]["spend"]["sensitivity"] = "confidential"
    rendered = _products("payments", lake("payments", products={"behaviour": product}))
    assert Tags(rendered).of("payments_behaviour", "monthly_spend")["stage"] == "published"
    tagged = rendered.all("aws_lakeformation_resource_lf_tag")
    stage = next(each for each in tagged.values() if each["lf_tag"][0]["value"] == "published")
    column = next(name for name, each in tagged.items() if "table_with_columns" in each)
    assert f"aws_lakeformation_resource_lf_tag.{column}" in stage["depends_on"]


def test_a_table_is_made_once_its_database_is_tagged(customers: Rendered) -> None:
    """No table is there for a moment without the tags that it inherits."""
    tagged = [name for name, each in customers.all("aws_lakeformation_resource_lf_tag").items() if "database" in each]
    for table in customers.all("aws_glue_catalog_table").values():
        profile = {f"aws_lakeformation_resource_lf_tag.{name}" for name in tagged if "_profile_" in name}
        assert len(profile) == 4
        assert profile <= set(table["depends_on"])


def test_a_deprecated_product_is_deprecated_to_its_last_table() -> None:
    """Each table says so itself, as the gate may have published it before."""
    products = lake("customers").model_dump(mode="json")["products"]
    products["profile"]["deprecated"] = True
    tags = Tags(_products("customers", lake("customers", products=products)))
    assert tags.own("customers_profile")["stage"] == "deprecated"
    assert all(tags.own("customers_profile", name)["stage"] == "deprecated" for name in ("customer", "consent"))


def test_a_filter_lets_through_named_columns_of_chosen_rows(customers: Rendered) -> None:
    """The filter holds the rows' condition and every column but those it leaves out, by name."""
    data = customers.one("aws_lakeformation_data_cells_filter")["table_data"][0]
    assert data["name"] == "current_in_ireland"
    assert data["table_catalog_id"] == "999999999999"
    assert data["column_names"] == ["country", "customer_id", "granted", "purpose"]
    assert data["row_filter"] == [{"filter_expression": "country = 'IE' AND granted = true"}]


def test_a_filter_of_columns_alone_lets_all_rows_through() -> None:
    """Without a condition the filter says that it means all rows, as AWS wants it said."""
    products = lake("customers").model_dump(mode="json", exclude_none=True)["products"]
    products["profile"]["tables"]["consent"]["filters"] = {
        "without_text": {"description": "All but the text", "without": ["signed_text"]}
    }
    rendered = _products("customers", lake("customers", products=products))
    data = rendered.one("aws_lakeformation_data_cells_filter")["table_data"][0]
    assert data["row_filter"] == [{"all_rows_wildcard": [{}]}]


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("sensitivity", "secret", "has no value 'secret' (known: public, internal, confidential, restricted)"),
        ("stage", "live", "has no value 'live'"),
        ("colour", "red", "there is no LF-tag 'colour'"),
    ],
)
def test_a_tag_outside_the_ontology_cannot_be_written(key: str, value: str, message: str) -> None:
    """A library that passes any text gets an error that names what the ontology has."""
    with pytest.raises(ConfigError) as caught:
        render(lambda stack: LfTagged(stack, "tags", place=None, tags={key: value}))  # type: ignore[arg-type]
    assert message in str(caught.value)


def test_yaml_knows_the_ontology_too() -> None:
    """A sensitivity that does not exist is an error of the file, with its path."""
    with pytest.raises(ValidationError) as caught:
        lake("customers", products={"p": {"description": "d", "sensitivity": "secret", "tables": {"t": {}}}})
    assert ("products", "p", "sensitivity") in {error["loc"] for error in caught.value.errors()}


def test_nobody_reads_the_raw_layer() -> None:
    """A team cannot ask for it: nothing in it is ever published, so that the grant would be of nothing."""
    with pytest.raises(ValidationError) as caught:
        Consumption.model_validate_json('{"layers": ["raw"]}')
    assert caught.value.errors()[0]["loc"] == ("layers", 0)


def test_what_engines_write_into_a_tables_parameters_stays(customers: Rendered) -> None:
    """Terraform sets the parameters once and never takes statistics of an engine for drift."""
    for table in customers.all("aws_glue_catalog_table").values():
        assert table["lifecycle"] == {"ignore_changes": ["parameters"]}


def test_a_column_says_a_sensitivity_only_where_it_is_higher() -> None:
    """A column that says what its table says, or less, would be no protection but look like one."""
    columns = {"id": {**COLUMN, "sensitivity": "internal"}}
    product = {
        "description": "d",
        "sensitivity": "confidential",
        "tables": {"t_x": {"description": "d", "columns": columns}},
    }
    with pytest.raises(ValidationError, match=r"tables\.t_x\.columns\.id\.sensitivity above that of the table"):
        lake("customers", products={"p_x": product})


def test_a_table_that_can_be_withdrawn_has_no_filters() -> None:
    """A filter is granted by name, so withdrawing the table would take nothing from whom holds it."""
    products = lake("customers").model_dump(mode="json", exclude_none=True)["products"]
    products["profile"]["tables"]["consent"]["quality"]["on_failure"] = "withdraw"
    with pytest.raises(ValidationError, match=r"must have quality\.on_failure: keep where it has filters"):
        lake("customers", products=products)


def test_lake_formation_alone_takes_the_location_role_for_this_account(located: Rendered) -> None:
    """The role is trusted to the service, when it acts for the governance account."""
    trust = statements(located.one("aws_iam_role")["assume_role_policy"])["LakeFormation"]
    assert trust["Principal"] == {"Service": "lakeformation.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "999999999999"}}


def test_the_location_role_reaches_the_zones_and_their_key_alone(located: Rendered) -> None:
    """Objects of the domain's buckets, and the key through S3; no star stands for a bucket or key."""
    rules = located.policy("aws_iam_role_policy")
    buckets = ["arn:aws:s3:::acme-prod-customers-curated", "arn:aws:s3:::acme-prod-customers-raw"]
    assert rules["ReadAndWriteZones"]["Resource"] == [f"{bucket}/*" for bucket in buckets]
    assert rules["ListZones"]["Resource"] == buckets
    assert rules["UseTheirKeyThroughS3"]["Resource"] == KEY
    assert rules["UseTheirKeyThroughS3"]["Condition"]["StringEquals"] == {
        "kms:ViaService": "s3.eu-west-1.amazonaws.com"
    }


def test_a_zone_is_registered_with_our_role_and_not_in_hybrid_access(located: Rendered) -> None:
    """Each zone is registered once, with the role; hybrid access is off unless the domain says otherwise."""
    for each in located.all("aws_lakeformation_resource").values():
        assert each["role_arn"].startswith("${aws_iam_role.")
        assert each["use_service_linked_role"] is False
        assert each["hybrid_access_enabled"] is False
    hybrid = _locations(lake("customers", hybrid=True)).all("aws_lakeformation_resource")
    assert [each["hybrid_access_enabled"] for each in hybrid.values()] == [True, True]
