"""What the management account tells of costs: exports and their copies, tags, categories, budgets and anomalies."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from typing import Any

import pytest
from constructs import Construct
from pydantic import ValidationError

from modules.core.foreign_role import ForeignRole
from modules.core.handshake import Edge
from modules.core.iam import policy_document
from modules.cost_reporting.allocation import (
    TEAM,
    Allocation,
    Method,
    ProductCosts,
    SharedCosts,
    TeamCosts,
    allocate,
)
from modules.cost_reporting.billing_settings import (
    AnomalySettings,
    BillingSettings,
    CostBudgetSettings,
    ExportSettings,
    SplitSettings,
)
from modules.cost_reporting.budget_brake import Braked, BudgetBrake
from modules.cost_reporting.contract import CostExportsContract, CostReportsContract
from modules.cost_reporting.copied_exports import CopiedExports, bucket_statements, key_statements
from modules.cost_reporting.cost_allocation_tags import CostAllocationTags
from modules.cost_reporting.cost_anomalies import CostAnomalies
from modules.cost_reporting.cost_categories import CostCategories
from modules.cost_reporting.cost_tags import OWN_KEYS, SAGEMAKER_KEYS, exported
from modules.cost_reporting.data_exports import DataExports
from modules.cost_reporting.edges import COPIES_COSTS
from modules.cost_reporting.export_columns import CUR_2_0, FOCUS_1_0
from modules.cost_reporting.exports_store import ExportsStore
from modules.cost_reporting.names import CUR, EXPORTS_COPY, export_data, line_slug
from modules.cost_reporting.optimizers import Optimizers
from modules.cost_reporting.owner_budget import OwnerBudget, OwnerCosts
from tests.support.rendering import NAMING, Rendered, render, statements

MANAGEMENT = replace(NAMING, environment="org", account="management", account_id="111111111111")
REPORTING = replace(NAMING, environment="prod", account="observability-prod", account_id="333333333333")
BOUNDARY = "arn:aws:iam::111111111111:policy/acme-org-mlgov-boundary"
REPORTS = CostReportsContract(
    **CostReportsContract.names(REPORTING), key_arn="arn:aws:kms:eu-west-1:333333333333:key/1"
)
FINOPS, CRIME = "finops@acme.example", "crime@acme.example"


def _allocation(method: Method = "PROPORTIONAL", percent: dict[str, int] | None = None) -> Allocation:
    return allocate(
        [TeamCosts("fraud", "Financial Crime", ("201", "202")), TeamCosts("lending", "Retail Lending")],
        [ProductCosts("screening", "fraud", ("card-fraud", "wire-fraud"))],
        SharedCosts(("customers",), ("301",), ("401",)),
        method=method,
        percent=percent,
    )


@pytest.fixture(name="store", scope="module")
def _store() -> Rendered:
    edge = Edge(COPIES_COSTS, "management", "observability-prod")
    return render(
        lambda stack: ExportsStore(
            stack,
            "exports",
            naming=MANAGEMENT,
            settings=ExportSettings(),
            reports=REPORTS,
            edge=edge,
            boundary_arn=BOUNDARY,
        )
    )


@pytest.fixture(name="costs", scope="module")
def _costs() -> Rendered:
    naming = replace(MANAGEMENT, region="us-east-1")

    def place(stack: Construct) -> None:
        store = CostExportsContract(**CostExportsContract.names(MANAGEMENT))
        DataExports(stack, "exports", naming=naming, store=store, store_region="eu-west-1")
        CostAllocationTags(stack, "tags", settings=BillingSettings(allocation_tags="all"))
        Optimizers(stack, "optimizers")
        fixed = _allocation("FIXED", {"Financial Crime": 70, "Retail Lending": 30})
        categories = CostCategories(stack, "categories", allocation=fixed)
        costs = OwnerCosts(TEAM, "fraud", "team-fraud", 17000, (CRIME, FINOPS))
        budget = OwnerBudget(stack, "budget", naming=naming, settings=CostBudgetSettings(), costs=costs)
        BudgetBrake(
            stack,
            "brake",
            naming=naming,
            teams=[Braked("fraud", budget.name, ("201",), (FINOPS, CRIME))],
            percent=100,
            organization_id="o-acme",
            boundary_arn=BOUNDARY,
        )
        CostAnomalies(
            stack,
            "anomalies",
            naming=naming,
            settings=AnomalySettings(),
            finops=FINOPS,
            owners={"Financial Crime": (CRIME,), "Retail Lending": ()},
            category=categories.levels["LineOfBusiness"],
        )

    return render(place)


def test_only_data_exports_of_this_account_deliver(store: Rendered) -> None:
    """Bucket and key admit the two services of AWS's bills, for exports of this account alone."""
    policies = [statements(each["policy"]) for each in store.all("aws_s3_bucket_policy").values()]
    (delivered,) = [each["ExportsAreDelivered"] for each in policies if "ExportsAreDelivered" in each]
    encrypted = store.policy("aws_kms_key")["ExportsAreEncrypted"]
    for statement in (delivered, encrypted):
        assert set(statement["Principal"]["Service"]) == {
            "bcm-data-exports.amazonaws.com",
            "billingreports.amazonaws.com",
        }
        assert statement["Condition"] == {
            "StringEquals": {"aws:SourceAccount": "111111111111"},
            "ArnLike": {
                "aws:SourceArn": [
                    "arn:aws:bcm-data-exports:us-east-1:111111111111:export/*",
                    "arn:aws:cur:us-east-1:111111111111:definition/*",
                ]
            },
        }


def test_a_copy_is_what_its_original_is(store: Rendered) -> None:
    """Every export is copied with what takes files back, under the key of the reports, and a failure is told."""
    (rule,) = store.one("aws_s3_bucket_replication_configuration")["rule"]
    assert rule["filter"] == {"prefix": ""}
    assert rule["delete_marker_replication"] == {"status": "Enabled"}
    assert rule["destination"]["bucket"] == "arn:aws:s3:::acme-prod-cost-reports"
    assert rule["destination"]["encryption_configuration"] == {"replica_kms_key_id": REPORTS.key_arn}
    assert len(store.all("aws_cloudwatch_metric_alarm")) == 2


def test_the_role_that_copies_reads_one_bucket_and_writes_one(store: Rendered) -> None:
    """It reads exports and writes copies; S3 takes it for this bucket alone."""
    policy = store.policy("aws_iam_role_policy")
    assert {sid: each["Resource"] for sid, each in policy.items() if sid.startswith(("Read", "Write"))} == {
        "ReadRules": "arn:aws:s3:::acme-org-cost-exports",
        "ReadObjects": "arn:aws:s3:::acme-org-cost-exports/*",
        "WriteReplicas": "arn:aws:s3:::acme-prod-cost-reports/*",
    }
    assert "s3:ReplicateDelete" in policy["WriteReplicas"]["Action"]
    assert store.one("aws_iam_role")["name"] == MANAGEMENT.name(EXPORTS_COPY)
    (trust,) = json.loads(store.one("aws_iam_role")["assume_role_policy"])["Statement"]
    assert trust["Condition"]["StringEquals"]["aws:SourceArn"] == "arn:aws:s3:::acme-org-cost-exports"


def test_the_reports_admit_the_role_that_copies_and_no_other() -> None:
    """Bucket and key name the account, and the role in a condition; nothing is read."""
    copied = CopiedExports(
        Edge(COPIES_COSTS, "management", "observability-prod"), ForeignRole(MANAGEMENT, EXPORTS_COPY, "o-acme")
    )
    found: list[dict[str, Any]] = []

    def place(stack: Construct) -> None:
        statements = (
            *bucket_statements(stack, copied, REPORTS.bucket_arn),
            *key_statements(stack, copied, "eu-west-1"),
        )
        found.extend(json.loads(policy_document(*statements))["Statement"])

    render(place)
    assert [each["Action"] for each in found] == [
        ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
        ["kms:Encrypt", "kms:GenerateDataKey"],
    ]
    for statement in found:
        assert statement["Principal"] == {"AWS": "arn:aws:iam::111111111111:root"}
        assert statement["Condition"]["ArnEquals"] == {
            "aws:PrincipalArn": "arn:aws:iam::111111111111:role/acme-org-cost-exports-replication"
        }


def test_every_account_is_enrolled_for_advice(costs: Rendered) -> None:
    """Those that come later, too; Compute Optimizer first, as the hub shows what it finds."""
    compute = costs.one("aws_computeoptimizer_enrollment_status")
    hub = costs.one("aws_costoptimizationhub_enrollment_status")
    assert compute["status"] == "Active"
    assert compute["include_member_accounts"] is hub["include_member_accounts"] is True
    assert any("aws_computeoptimizer_enrollment_status" in each for each in hub["depends_on"])


def test_exports_tell_every_hour_and_resource_once(costs: Rendered) -> None:
    """CUR 2.0 and FOCUS 1.0 in Parquet, each delivery in the place of the one before, with listed columns."""
    exports = {each["export"][0]["name"]: each["export"][0] for each in costs.all("aws_bcmdataexports_export").values()}
    assert exports.keys() == {"acme-org-cur2", "acme-org-focus"}
    configured = exports["acme-org-cur2"]["data_query"][0]["table_configurations"]["COST_AND_USAGE_REPORT"]
    assert configured["TIME_GRANULARITY"] == "HOURLY"
    assert configured["INCLUDE_RESOURCES"] == configured["INCLUDE_SPLIT_COST_ALLOCATION_DATA"] == "TRUE"
    for export in exports.values():
        assert "*" not in export["data_query"][0]["query_statement"]
        (destination,) = export["destination_configurations"][0]["s3_destination"]
        assert (destination["s3_bucket"], destination["s3_region"]) == ("acme-org-cost-exports", "eu-west-1")
        (output,) = destination["s3_output_configurations"]
        assert (output["format"], output["overwrite"]) == ("PARQUET", "OVERWRITE_REPORT")


def test_columns_are_those_that_aws_documents() -> None:
    """As many as AWS lists, with tags and cost categories as maps, amounts as numbers and hours as times."""
    assert (len(CUR_2_0.columns), len(FOCUS_1_0.columns)) == (125, 48)
    assert CUR_2_0.columns["resource_tags"] == CUR_2_0.columns["cost_category"] == "map<string,string>"
    assert CUR_2_0.columns["line_item_unblended_cost"] == FOCUS_1_0.columns["BilledCost"] == "double"
    assert CUR_2_0.columns["line_item_usage_start_date"] == FOCUS_1_0.columns["ChargePeriodStart"] == "timestamp"
    assert list(FOCUS_1_0.columns)[-1] == "x_UsageType"


def test_files_of_an_export_lie_where_aws_puts_them() -> None:
    """Below the prefix, the export's name and `data`: a copy lies alike."""
    assert export_data(MANAGEMENT, CUR) == "cur2/acme-org-cur2/data/"


@pytest.mark.parametrize(
    ("key", "column"),
    [("Team", "user_team"), ("CostCenter", "user_cost_center"), ("sagemaker:domain-arn", "user_sagemaker_domain_arn")],
)
def test_keys_of_tags_are_found_in_exports(key: str, column: str) -> None:
    """An upper-case letter begins a word, and what is no letter or digit parts words."""
    assert exported(key) == column


def test_tags_are_activated_in_phases(costs: Rendered) -> None:
    """At first none, as AWS knows none; then ours; SageMaker's own with them at last."""
    tags = costs.all("aws_ce_cost_allocation_tag").values()
    assert {tag["tag_key"] for tag in tags} == {*OWN_KEYS, *SAGEMAKER_KEYS}
    first = render(lambda stack: CostAllocationTags(stack, "tags", settings=BillingSettings()))
    assert first.all("aws_ce_cost_allocation_tag") == {}


def test_categories_are_the_allocation(costs: Rendered) -> None:
    """Each rule of the allocation is one of the category, in its order, and the default is told."""
    categories = {each["name"]: each for each in costs.all("aws_ce_cost_category").values()}
    assert categories.keys() == {"LineOfBusiness", "Product", "Team"}
    for level in _allocation().levels:
        if level.name in categories:
            category = categories[level.name]
            assert [rule["value"] for rule in category["rule"]] == [rule.value for rule in level.rules]
            assert category["default_value"] == level.default
    assert categories["Team"]["rule"][0]["rule"]["dimension"]["values"] == ["201", "202"]
    product = categories["Product"]["rule"][0]["rule"]["and"]
    assert [sorted(part) for part in product] == [["tags"], ["cost_category"]]


def test_shares_go_to_whom_they_are_meant_for(costs: Rendered) -> None:
    """Shares stand in the order in which the provider sends targets, which to it are a set."""
    (line,) = [each for each in costs.all("aws_ce_cost_category").values() if each["name"] == "LineOfBusiness"]
    for split in line["split_charge_rule"]:
        shares = dict(zip(split["targets"], split["parameter"][0]["values"], strict=True))
        assert shares == {"Financial Crime": "70", "Retail Lending": "30"}
        checksums = [str(zlib.crc32(f"{target};".encode())) for target in split["targets"]]
        assert checksums == sorted(checksums)


def test_a_budget_tells_spent_and_forecast(costs: Rendered) -> None:
    """It counts the team's costs in all accounts, and tells owner and FinOps before they are spent."""
    budget = costs.one("aws_budgets_budget")
    assert budget["cost_filter"] == [{"name": "CostCategory", "values": ["Team$fraud"]}]
    told = {each["notification_type"]: each for each in budget["notification"]}
    assert {kind: each["threshold"] for kind, each in told.items()} == {"ACTUAL": 80, "FORECASTED": 100}
    assert all(each["subscriber_email_addresses"] == [CRIME, FINOPS] for each in told.values())


def test_the_brake_waits_for_a_person(costs: Rendered) -> None:
    """Nothing is attached by Terraform or by AWS alone, and what is denied starts costs and ends none."""
    action = costs.one("aws_budgets_budget_action")
    assert (action["approval_model"], action["action_type"]) == ("MANUAL", "APPLY_SCP_POLICY")
    assert action["definition"]["scp_action_definition"]["target_ids"] == ["201"]
    assert costs.all("aws_organizations_policy_attachment") == {}
    denied = json.loads(costs.one("aws_organizations_policy")["content"])["Statement"][0]
    assert denied["Effect"] == "Deny"
    assert all(name.partition(":")[2].startswith(("Create", "Run", "Start")) for name in denied["Action"])


def test_the_role_of_the_brake_attaches_this_policy_alone(costs: Rendered) -> None:
    """To the accounts of the braked teams, and AWS Budgets alone may be it, for budgets of this account."""
    allowed = costs.policy("aws_iam_role_policy")["PutAndTakeOff"]
    assert allowed["Resource"][1:] == ["arn:aws:organizations::111111111111:account/o-acme/201"]
    assert allowed["Resource"][0].startswith("${aws_organizations_policy.")
    (trust,) = json.loads(costs.one("aws_iam_role")["assume_role_policy"])["Statement"]
    assert trust["Principal"] == {"Service": "budgets.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": "111111111111"}


def test_each_line_of_business_hears_of_its_own_anomalies(costs: Rendered) -> None:
    """FinOps hears of every service and of all lines, an owner of the own line, above amount and per cent."""
    monitors = {each["name"]: each for each in costs.all("aws_ce_anomaly_monitor").values()}
    assert monitors["acme-org-services"]["monitor_dimension"] == "SERVICE"
    asked = json.loads(monitors["acme-org-line-financial-crime"]["monitor_specification"])
    assert asked["CostCategories"] == {
        "Key": "LineOfBusiness",
        "MatchOptions": ["EQUALS"],
        "Values": ["Financial Crime"],
    }
    told = {each["name"]: each for each in costs.all("aws_ce_anomaly_subscription").values()}
    assert {name: [who["address"] for who in each["subscriber"]] for name, each in told.items()} == {
        "acme-org-services-anomalies": [FINOPS],
        "acme-org-line-financial-crime-anomalies": [CRIME, FINOPS],
        "acme-org-line-retail-lending-anomalies": [FINOPS],
    }
    for each in told.values():
        bounds = [part["dimension"] for part in each["threshold_expression"]["and"]]
        assert [bound["values"] for bound in bounds] == [["100"], ["20"]]


def test_a_line_of_business_is_named_by_letters_and_digits() -> None:
    """What parts words becomes one hyphen."""
    assert line_slug("Financial Crime_2") == "financial-crime-2"


@pytest.mark.parametrize(
    "split", [{"method": "FIXED"}, {"percent": {"Retail": 100}}, {"method": "FIXED", "percent": {"Retail": 99}}]
)
def test_shares_in_per_cent_are_a_hundred(split: dict[str, Any]) -> None:
    """Fixed shares are said, add up to 100, and go with no other method."""
    with pytest.raises(ValidationError, match="must have per"):
        SplitSettings(**split)
