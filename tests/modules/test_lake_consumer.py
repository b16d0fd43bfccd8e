"""Who of a team reads data, where they query it, and which queries they find ready."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Any

import pytest
from constructs import Construct

from modules.core.handshake import Edge
from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.data_lake.consumer import Consumer
from modules.data_lake.edges import READS
from modules.data_lake.named_queries import NamedQueries
from modules.data_lake.product_settings import Column, Filter, Product, Table
from modules.data_lake.queries import Query, ready
from modules.data_lake.reading import Reading
from modules.data_lake.settings import AthenaSettings, Consumption, DomainLake
from modules.foundations.contract import BaselineContract
from tests.support.rendering import NAMING, Rendered, TestStack, render, statements

KEY_ARN = "arn:aws:kms:eu-west-1:222222222222:key/1"
KEYS = {"data": KEY_ARN, "messages": "arn:aws:kms:eu-west-1:222222222222:key/messages"}
BOUNDARY = "arn:aws:iam::222222222222:policy/acme-dev-mlgov-boundary"
CENTRAL = Naming("acme", "org", "data-governance", "999999999999", "aws", "eu-west-1")
OTHERS = Statement("ReadFeatures", actions=("sagemaker:GetRecord",), resources=("arn:aws:sagemaker:::feature-group/x",))
COUNTRY = Column(type="string", description="Home")
CUSTOMER = Table(
    description="Customers",
    columns={
        "customer_id": Column(type="string", description="Number"),
        "country": COUNTRY,
        "email": Column(type="string", description="Address", sensitivity="confidential"),
        "day": Column(type="date", description="Day"),
    },
    key=("customer_id",),
    partition_by=("day",),
)
CONSENT = Table(
    description="Consents",
    sensitivity="restricted",
    columns={"customer_id": CUSTOMER.columns["customer_id"], "purpose": COUNTRY, "signed_text": COUNTRY},
    filters={"some": Filter(description="Without the text", without=("signed_text",))},
)
LAKE = DomainLake(
    products={
        "profile": Product(
            description="Customers", sensitivity="internal", tables={"customer": CUSTOMER, "consent": CONSENT}
        ),
        "old": Product(description="Gone soon", sensitivity="public", deprecated=True, tables={"customer": CUSTOMER}),
        "trends": Product(description="Trends", sensitivity="public", layer="analytics", tables={"trend": CUSTOMER}),
    }
)


def _reading(consumption: Consumption, domain: str = "customers") -> Reading:
    edge = Edge(READS, "team fraud in fraud-dev", f"domain {domain}")
    return Reading(domain, LAKE, consumption, ("data-scientist",), edge)


INTERNAL = _reading(Consumption(filters={"profile.consent": "some"}))


@pytest.fixture(name="consumer", scope="module")
def _consumer() -> tuple[Rendered, TestStack]:
    stacks = []

    def build(stack: Construct) -> None:
        stacks.append(stack)
        Consumer(
            stack,
            "consumer",
            naming=NAMING,
            settings=AthenaSettings(scan_limit_gb=5, daily_scan_gb=20, keep_results_days=7),
            team="fraud",
            owner="lead@acme.example",
            personas=["data-scientist", "pipeline"],
            reads=[INTERNAL],
            central=CENTRAL,
            keys=BaselineContract(key_arns=KEYS, **BaselineContract.names(NAMING)),
            boundary_arn=BOUNDARY,
            statements=[OTHERS],
            policies={"data-scientist": [], "pipeline": []},
        )

    rendered = render(build)
    assert isinstance(stacks[0], TestStack)
    return rendered, stacks[0]


def _policies(rendered: Rendered) -> dict[str, dict[str, dict[str, Any]]]:
    return {each["name"]: statements(each["policy"]) for each in rendered.all("aws_iam_role_policy").values()}


def test_the_roles_are_sagemaker_s_and_name_who_works(consumer: tuple[Rendered, TestStack]) -> None:
    """SageMaker alone assumes the roles, for this account; that of people takes the name of who works in Studio."""
    roles = {each["name"]: each for each in consumer[0].all("aws_iam_role").values()}
    trusts = {name: statements(each["assume_role_policy"])["SageMakerOfThisAccount"] for name, each in roles.items()}
    for trust in trusts.values():
        assert trust["Principal"] == {"Service": "sagemaker.amazonaws.com"}
        assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": NAMING.account_id}}
    assert trusts["acme-dev-fraud-data-scientist"]["Action"] == ["sts:AssumeRole", "sts:SetSourceIdentity"]
    assert trusts["acme-dev-fraud-pipeline"]["Action"] == "sts:AssumeRole"
    assert {each["permissions_boundary"] for each in roles.values()} == {BOUNDARY}


def test_a_role_finds_the_databases_that_it_reads_and_no_others(consumer: tuple[Rendered, TestStack]) -> None:
    """The persona that reads a domain may ask the central catalogue of its databases, the other may not ask."""
    policies = _policies(consumer[0])
    assert policies["fraud-data-scientist"]["FindInCentralCatalogue"]["Resource"] == [
        "arn:aws:glue:eu-west-1:999999999999:catalog",
        "arn:aws:glue:eu-west-1:999999999999:database/customers_old",
        "arn:aws:glue:eu-west-1:999999999999:table/customers_old/*",
        "arn:aws:glue:eu-west-1:999999999999:database/customers_profile",
        "arn:aws:glue:eu-west-1:999999999999:table/customers_profile/*",
    ]
    assert "FindInCentralCatalogue" not in policies["fraud-pipeline"]


def test_a_role_reads_its_results_and_no_other_object(consumer: tuple[Rendered, TestStack]) -> None:
    """S3 is for results alone; of catalogues a role reads, and of Lake Formation it asks for credentials."""
    for policy in _policies(consumer[0]).values():
        allowed = [each for each in policy.values() if each["Effect"] == "Allow"]
        actions = {name: each["Resource"] for each in allowed for name in _many(each["Action"])}
        assert {str(actions[name]) for name in actions if name.startswith("s3:") and name.endswith("Object")} == {
            "arn:aws:s3:::acme-dev-fraud-queries/results/*"
        }
        assert {name for name in actions if name.startswith("lakeformation:")} == {"lakeformation:GetDataAccess"}
        assert all(name.removeprefix("glue:").startswith(("Get", "BatchGet")) for name in actions if "glue:" in name)
        assert "sagemaker:GetRecord" in actions


def test_queries_run_in_the_team_s_workgroup_alone(consumer: tuple[Rendered, TestStack]) -> None:
    """A query elsewhere, in the workgroup primary too, is denied whatever else the role is allowed."""
    for policy in _policies(consumer[0]).values():
        denied = policy["QueryNowhereElse"]
        assert denied["Effect"] == "Deny"
        assert denied["Action"] == "athena:StartQueryExecution"
        assert denied["NotResource"] == "arn:aws:athena:eu-west-1:222222222222:workgroup/acme-dev-fraud-queries"


def test_the_side_of_the_roles_is_rendered(consumer: tuple[Rendered, TestStack]) -> None:
    """The stack takes note that the roles of the way to the domain stand in it."""
    assert consumer[1].sides == {(INTERNAL.edge, "roles")}


def test_a_workgroup_decides_itself_where_results_go(consumer: tuple[Rendered, TestStack]) -> None:
    """What a client asks for does not count: bucket, owner, key, limit and engine are the workgroup's."""
    workgroup = consumer[0].one("aws_athena_workgroup")
    configuration = workgroup["configuration"]
    assert configuration["enforce_workgroup_configuration"] is True
    assert configuration["publish_cloudwatch_metrics_enabled"] is True
    assert configuration["requester_pays_enabled"] is False
    assert configuration["bytes_scanned_cutoff_per_query"] == 5 * 10**9
    assert configuration["engine_version"] == {"selected_engine_version": "Athena engine version 3"}
    results = configuration["result_configuration"]
    assert results["expected_bucket_owner"] == NAMING.account_id
    assert results["encryption_configuration"] == {"encryption_option": "SSE_KMS", "kms_key_arn": KEY_ARN}
    assert workgroup["tags"] == {"Team": "fraud"}
    lifecycles = consumer[0].all("aws_s3_bucket_lifecycle_configuration").values()
    assert [{"days": 7}] in [each["rule"][0]["expiration"] for each in lifecycles]


def test_the_owner_hears_of_a_day_of_many_scans(consumer: tuple[Rendered, TestStack]) -> None:
    """However queries end, what they scan in a day counts; above the limit the alarm tells the team's owner."""
    alarm = consumer[0].one("aws_cloudwatch_metric_alarm")
    *parts, total = alarm["metric_query"]
    assert {each["metric"]["dimensions"]["QueryState"] for each in parts} == {"SUCCEEDED", "FAILED", "CANCELED"}
    assert {each["metric"]["dimensions"]["WorkGroup"] for each in parts} == {"acme-dev-fraud-queries"}
    assert {each["metric"]["period"] for each in parts} == {24 * 3600}
    assert (total["expression"], total["return_data"]) == ("SUM(METRICS())", True)
    assert alarm["threshold"] == 20 * 10**9
    assert consumer[0].one("aws_sns_topic_subscription")["endpoint"] == "lead@acme.example"
    topic = consumer[0].one("aws_sns_topic")
    assert topic["kms_master_key_id"] == KEYS["messages"]
    publish = consumer[0].policy("aws_sns_topic_policy")["OwnAlarmPublishes"]
    assert publish["Condition"]["ArnEquals"]["aws:SourceArn"].endswith(f":alarm:{alarm['alarm_name']}")


def test_a_team_sees_the_columns_up_to_its_clearance() -> None:
    """Of a table it sees the columns up to its clearance, of one beyond it what the owner's filter leaves."""
    seen = {table.name: table.columns for table in INTERNAL.tables}
    assert seen == {"customer": ("customer_id", "country", "day"), "consent": ("customer_id", "purpose")}
    assert _reading(Consumption(sensitivity="confidential")).tables[0].columns == tuple(CUSTOMER.columns)


def test_a_team_reads_the_layers_that_it_names() -> None:
    """Databases of other layers are not linked, and deprecated products have no queries to begin with."""
    assert INTERNAL.databases == ("customers_old", "customers_profile")
    analytics = _reading(Consumption(layers=("analytics",)))
    assert analytics.databases == ("customers_trends",)
    assert [table.product for table in analytics.tables] == ["trends"]


def test_a_part_of_a_table_is_read_in_any_layer() -> None:
    """A filter that the team names opens its part of the table, and nothing else of a layer that is not read."""
    part = _reading(Consumption(sensitivity="restricted", layers=("analytics",), filters={"profile.consent": "some"}))
    assert part.databases == ("customers_profile", "customers_trends")
    assert [(each.name, each.columns) for each in part.tables][:1] == [("consent", ("customer_id", "purpose"))]
    assert [each.name for each in part.tables] == ["consent", "trend"]


@pytest.fixture(name="queries", scope="module")
def _queries() -> dict[str, Query]:
    return {each.name: each for each in ready(INTERNAL.tables, {"customers_profile": "main"})}


def test_each_table_has_a_sample_a_count_and_its_joins(queries: dict[str, Query]) -> None:
    """A table is sampled and counted, and joined to each other table that holds its key."""
    assert set(queries) == {
        "sample-customers_profile.customer",
        "count-customers_profile.customer",
        "sample-customers_profile.consent",
        "count-customers_profile.consent",
        "join-customers_profile.consent-customers_profile.customer",
    }


def test_joins_do_not_grow_with_the_square_of_the_tables() -> None:
    """Where each of thirty tables has a customer, a table is joined to five: a domain of many is still planned."""
    customer = next(each for each in INTERNAL.tables if each.table.partition_by)
    many = [replace(customer, name=f"customer_{number}") for number in range(30)]
    names = [each.name for each in ready(many, {"customers_profile": "main"})]
    assert sum(name.startswith("join-") for name in names) <= 5 * 30
    assert sum(name.startswith("sample-") for name in names) == 30


def test_the_queries_run_and_answer(queries: dict[str, Query]) -> None:
    """The SQL is real: over tables that hold only the columns which the team sees, each query gives its answer."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE customer (customer_id, country, day)")
    database.execute("CREATE TABLE consent (customer_id, purpose)")
    database.executemany("INSERT INTO customer VALUES (?, 'IE', ?)", [("a", "2026-01-01"), ("b", "2026-01-02")])
    database.executemany("INSERT INTO consent VALUES (?, 'post')", [("a",), ("a",), ("c",)])
    answers = {
        name.partition("-")[0] + name[-9:]: database.execute(each.sql).fetchall() for name, each in queries.items()
    }
    database.close()
    assert answers["count.customer"] == [("2026-01-02", 1), ("2026-01-01", 1)]
    assert answers["counte.consent"] == [(3,)]
    assert answers["sample.customer"] == [("a", "IE", "2026-01-01"), ("b", "IE", "2026-01-02")]
    assert answers["join.customer"] == [("a", "post", "IE", "2026-01-01")] * 2


def test_queries_are_kept_in_the_workgroup() -> None:
    """Each query stands in the team's workgroup and in the link's database; a long name loses its end."""
    long = Query("sample-" + "x" * 130, "Long", "customers_profile", "SELECT 1\n")
    kept = render(
        lambda stack: NamedQueries(
            stack,
            "queries",
            naming=NAMING,
            what="fraud-queries",
            queries=[long],
            databases={"customers_profile": "customers_profile_fraud"},
        )
    ).one("aws_athena_named_query")
    assert kept["name"] == long.name[:128]
    assert (kept["workgroup"], kept["database"]) == ("acme-dev-fraud-queries", "customers_profile_fraud")


def _many(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
