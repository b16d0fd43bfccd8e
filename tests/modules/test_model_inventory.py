"""The inventory of models: what it counts, where it lies, who asks it, and who is told."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from constructs import Construct

from modules.ml_operations.release_record import reads
from modules.ml_operations.releases import Decision, Release
from modules.ml_platform.functions.curate_hub.handler import CurationError, curate
from modules.ml_platform.functions.curate_hub.plan import Plan, plan
from modules.ml_platform.functions.take_inventory import handler
from modules.ml_platform.functions.take_inventory.snapshot import Declared, Group, Version, metrics
from modules.ml_platform.inventory_queries import queries
from modules.ml_platform.inventory_tables import ROWS, columns
from modules.ml_platform.model_alarms import ModelAlarms
from modules.ml_platform.model_inventory import ModelInventory
from modules.ml_platform.models_settings import InventorySettings
from modules.ml_platform.registered_model import ReleasesTable
from tests.modules.test_model_registry import MODEL, OTHER, REGISTRY
from tests.support.rendering import Rendered, render, statements

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NAMES = ("acme-test-fraud-card-fraud", "acme-test-by-hand")
DECLARED: dict[str, Declared] = {
    NAMES[0]: {"team": "fraud", "project": "card-fraud", "places": ["fraud-prod", "fraud-test"]}
}


@pytest.fixture(name="inventory", scope="module")
def _inventory() -> Rendered:
    def build(scope: Construct) -> None:
        inventory = ModelInventory(
            scope,
            "inventory",
            naming=REGISTRY,
            settings=InventorySettings(hour_utc=5, keep_days=400),
            models=[MODEL, OTHER],
            keep_results_days=30,
            key_arn="arn:aws:kms:eu-west-1:999999999999:key/models",
            logs_key_arn="arn:aws:kms:eu-west-1:999999999999:key/logs",
            boundary_arn="arn:aws:iam::999999999999:policy/boundary",
            governed=True,
            releases=ReleasesTable("acme-test-model-releases", reads(REGISTRY, ("dynamodb:Scan",))),
        )
        ModelAlarms(
            scope,
            "alarms",
            naming=REGISTRY,
            operators="operations@acme.example",
            owners={"fraud": "fraud@acme.example"},
            dead_letters={"model-inventory": inventory.dead_letters},
            pending_days=7,
            key_arn="arn:aws:kms:eu-west-1:999999999999:key/messages",
        )

    return render(build)


class Registry:
    """SageMaker with two groups, three versions on two pages, and one card."""

    def list_model_package_groups(self, **request: str) -> dict[str, Any]:
        """Both groups, one on each page."""
        second = "NextToken" in request
        name = NAMES[0] if second else NAMES[1]
        found = {"ModelPackageGroupName": name, "CreationTime": NOW - timedelta(days=30)}
        return {"ModelPackageGroupSummaryList": [found], **({} if second else {"NextToken": "more"})}

    def list_model_packages(self, **request: str) -> dict[str, Any]:
        """The versions of the declared group; the other has none."""
        if request["ModelPackageGroupName"] == NAMES[1]:
            return {"ModelPackageSummaryList": []}
        first, rest = self._version(1, "Approved", 20), [self._version(number, PENDING, age) for number, age in AGES]
        if "NextToken" in request:
            return {"ModelPackageSummaryList": [first]}
        return {"ModelPackageSummaryList": rest, "NextToken": "more"}

    def list_model_cards(self, **request: str) -> dict[str, Any]:
        """The card of the declared group."""
        return {"ModelCardSummaries": [{"ModelCardName": NAMES[0], "ModelCardStatus": "Draft"}]}

    @staticmethod
    def _version(number: int, approval: str, age: int) -> dict[str, Any]:
        return {
            "ModelPackageGroupName": NAMES[0],
            "ModelPackageVersion": number,
            "ModelPackageArn": f"arn:aws:sagemaker:eu-west-1:999999999999:model-package/{NAMES[0]}/{number}",
            "ModelPackageStatus": "Completed",
            "ModelApprovalStatus": approval,
            "CreationTime": NOW - timedelta(days=age, hours=1),
        }


class Table:
    """The table of releases on two pages: one of a version that waits, one of an account that serves no more."""

    def get_paginator(self, operation: str) -> Table:
        """Scans alone."""
        assert operation == "scan"
        return self

    def paginate(self, **request: Any) -> list[dict[str, Any]]:
        """As DynamoDB filters: releases, and no decisions."""
        assert request["FilterExpression"] == "attribute_exists(model_package_arn)"
        return [self.scan(), {"Items": []}]

    def scan(self, **_: Any) -> dict[str, Any]:
        """What is in it."""
        places = (("fraud-test", 3), ("fraud-prod", 1), ("fraud-former", 2))
        releases = [Release("card-fraud", account, self.arn(number), "", "", "", "") for account, number in places]
        items = [*(each.item() for each in releases), Decision("card-fraud", 1, "Approved").item()]
        return {"Items": [item for item in items if "model_package_arn" in item]}

    @staticmethod
    def arn(number: int) -> str:
        """The ARN of a version of the declared group."""
        return f"arn:aws:sagemaker:eu-west-1:999999999999:model-package/{NAMES[0]}/{number}"


PENDING, AGES = "PendingManualApproval", ((3, 2), (2, 9))


@pytest.fixture(name="taken", scope="module")
def _taken() -> tuple[list[Group], list[Version]]:
    return handler.take(Registry(), DECLARED, NOW, handler.released(Table(), "acme-test-model-releases"))


def test_an_inventory_has_every_group_and_version_of_every_page(taken: tuple[list[Group], list[Version]]) -> None:
    """Groups in the order of their names, versions in that of their numbers; days are whole ones."""
    groups, versions = taken
    assert [group.group_name for group in groups] == sorted(NAMES)
    assert [(version.version, version.approval, version.age_days) for version in versions] == [
        (1, "Approved", 20),
        (2, PENDING, 9),
        (3, PENDING, 2),
    ]
    fraud = groups[1]
    assert (fraud.versions, fraud.approved, fraud.pending) == (3, 1, 2)
    assert (fraud.latest_version, fraud.latest_approved) == (3, 1)
    assert (fraud.oldest_pending_days, fraud.card) == (9, "Draft")


def test_an_inventory_says_what_is_live_where(taken: tuple[list[Group], list[Version]]) -> None:
    """By what was released last to the accounts that serve the model; who serves no more is not among them."""
    groups, versions = taken
    assert [version.live_in for version in versions] == ["fraud-prod", None, "fraud-test"]
    assert groups[1].live == "fraud-prod: 1, fraud-test: 3"
    assert (groups[1].places, groups[1].places_unapproved) == (2, 1), "version 3 waits for its approval"
    told = {each["MetricName"]: each["Value"] for each in metrics(groups, ["fraud"])}
    assert (told["PlacesLive"], told["PlacesLiveUnapproved"], told["CardsPendingReview"]) == (2, 1, 0)


def test_what_nobody_declared_is_shown_as_nobodys(taken: tuple[list[Group], list[Version]]) -> None:
    """A group made by hand has neither team nor card, and is counted."""
    group = taken[0][0]
    assert (group.team, group.project, group.card, group.latest_version) == (None, None, None, None)
    told = {each["MetricName"]: each["Value"] for each in metrics(taken[0], ["fraud"])}
    assert told["UndeclaredGroups"] == 1


def test_every_team_is_measured_also_one_without_models(taken: tuple[list[Group], list[Version]]) -> None:
    """A zero is told, as silence could mean anything."""
    told = list(metrics(taken[0], ["lending", "fraud", "fraud"]))
    by_team = {
        (each["Dimensions"][0]["Value"], each["MetricName"]): each["Value"] for each in told if each["Dimensions"]
    }
    assert by_team[("fraud", "OldestPendingDays")] == 9
    assert by_team[("fraud", "VersionsPending")] == 2
    assert by_team[("fraud", "CardsMissing")] == 0
    assert {value for (team, _), value in by_team.items() if team == "lending"} == {0}
    assert len(by_team) == 14


def test_a_day_has_one_inventory_and_it_is_told_after_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs of a day write the same objects; when a write fails, nothing is measured."""
    written: dict[str, bytes] = {}
    told: list[Mapping[str, Any]] = []

    class Storage:
        broken = False

        def put_object(self, **request: Any) -> None:
            if self.broken:
                raise ConnectionError
            written[request["Key"]] = request["Body"]

    class Watch:
        def put_metric_data(self, **request: Any) -> None:
            told.append(request)

    clients: dict[str, Any] = {
        "sagemaker": Registry(),
        "s3": Storage(),
        "cloudwatch": Watch(),
        "dynamodb": Table(),
    }
    monkeypatch.setattr(handler, "_client", clients.__getitem__)
    monkeypatch.setattr(handler, "_declared", lambda: DECLARED)
    monkeypatch.setenv("BUCKET", "rows")
    monkeypatch.setenv("RELEASES", "acme-test-model-releases")
    handler.handle({}, None)
    handler.handle({}, None)
    assert sorted(re.sub(r"\d{4}-\d\d-\d\d", "D", key) for key in written) == [
        "groups/day=D/groups.jsonl",
        "versions/day=D/versions.jsonl",
    ]
    assert [json.loads(line)["version"] for line in written[max(written)].splitlines()] == [1, 2, 3]
    assert len(told) == 2
    clients["s3"].broken = True
    with pytest.raises(ConnectionError):
        handler.handle({}, None)
    assert len(told) == 2


def test_tables_have_the_columns_that_the_function_writes(inventory: Rendered) -> None:
    """Each field of a row is a column of its type, and queries name no other."""
    for body in inventory.all("aws_glue_catalog_table").values():
        row = ROWS[body["name"]]
        declared = {column["name"]: column["type"] for column in body["storage_descriptor"]["columns"]}
        assert declared == columns(row)
        assert list(declared) == [field.name for field in fields(row)]
        assert body["parameters"]["projection.day.range"] == "NOW-400DAYS,NOW"
    known = {name for row in ROWS.values() for name in columns(row)} | {"day"}
    for _, sql in queries("model_inventory").values():
        selected = re.match(r"SELECT (.*)\n", sql)
        assert selected is not None
        assert set(selected[1].split(", ")) <= known
        assert "day" in sql


def test_the_function_changes_nothing_in_the_registry(inventory: Rendered) -> None:
    """It lists groups, versions and cards, and writes below the two tables' prefixes."""
    (policy,) = (
        statements(body["policy"])
        for body in inventory.all("aws_iam_role_policy").values()
        if body["name"] == "model-inventory"
    )
    told = json.dumps([each["Action"] for each in policy.values()])
    assert {verb[:4] for verb in re.findall(r"sagemaker:(\w+)", told)} == {"List"}
    assert policy["WriteInventory"]["Resource"] == [
        f"arn:aws:s3:::acme-test-model-inventory-rows/{table}/day=*" for table in ("groups", "versions")
    ]


def test_it_is_taken_daily_and_on_each_change(inventory: Rendered) -> None:
    """One rule by schedule, one on what SageMaker tells of versions."""
    rules = inventory.all("aws_cloudwatch_event_rule").values()
    assert {rule.get("schedule_expression") for rule in rules} == {"cron(30 5 * * ? *)", None}
    (pattern,) = (json.loads(rule["event_pattern"]) for rule in rules if rule.get("event_pattern"))
    assert pattern["detail-type"] == ["SageMaker Model Package State Change"]


def test_one_role_asks_and_only_named_people_become_it(inventory: Rendered) -> None:
    """The role trusts patterns of permission sets; where Lake Formation is in charge it is granted both tables."""
    (role,) = (
        body for body in inventory.all("aws_iam_role").values() if body["name"] == "acme-test-model-inventory-reader"
    )
    statement = statements(role["assume_role_policy"])["WhoAsks"]
    people = [arn.rpartition("_mlgov-")[2] for arn in statement["Condition"]["ArnLike"]["aws:PrincipalArn"]]
    assert people == ["ml-governance-lead_*", "ml-platform-administrator_*", "security-auditor_*"]
    grants = inventory.all("aws_lakeformation_permissions").values()
    assert [grant["permissions"] for grant in grants] == [["DESCRIBE"], ["DESCRIBE", "SELECT"], ["DESCRIBE", "SELECT"]]


def test_the_dashboard_has_every_team(inventory: Rendered) -> None:
    """Each number has a line for each team."""
    widgets = json.loads(inventory.one("aws_cloudwatch_dashboard")["dashboard_body"])["widgets"]
    teams = [{line[3] for line in widget["properties"]["metrics"]} for widget in widgets[:-1]]
    assert teams == [{"fraud", "lending"}] * 7


def test_silence_and_long_waits_are_told(inventory: Rendered) -> None:
    """Operators hear when no inventory is taken; a team's owner when its version waits for more than the days set."""
    alarms = {body["alarm_name"]: body for body in inventory.all("aws_cloudwatch_metric_alarm").values()}
    assert alarms["acme-test-model-inventory-late"]["treat_missing_data"] == "breaching"
    waiting = alarms["acme-test-fraud-models-waiting"]
    assert (waiting["threshold"], waiting["dimensions"]) == (7, {"Team": "fraud"})
    live = alarms["acme-test-fraud-models-live-unapproved"]
    assert (live["threshold"], live["metric_name"]) == (0, "PlacesLiveUnapproved")
    mailboxes = {body["endpoint"] for body in inventory.all("aws_sns_topic_subscription").values()}
    assert mailboxes == {"operations@acme.example", "fraud@acme.example"}
    assert "acme-test-model-inventory-dead-letters" in alarms


def test_a_hub_is_brought_to_its_list() -> None:
    """What is missing is added, what nobody listed is taken away, and the rest stays."""
    assert plan(["a", "b"], ["b", "c"]) == Plan(("a",), ("c",))
    assert plan(["a"], ["a"]) == Plan((), ())


def test_a_model_that_cannot_be_added_keeps_no_other_out() -> None:
    """All else is done, and then the run fails with the model's name, so that it is tried again."""
    done: list[str] = []

    class Hub:
        def list_hub_contents(self, **request: str) -> dict[str, Any]:
            return {"HubContentSummaries": [{"HubContentName": "old"}]}

        def create_hub_content_reference(self, **request: str) -> None:
            if request["HubContentName"] == "bad":
                raise ClientError({"Error": {"Code": "ResourceNotFound", "Message": "no such model"}}, "Create")
            done.append(request["SageMakerPublicHubContentArn"])

        def delete_hub_content_reference(self, **request: str) -> None:
            done.append(request["HubContentName"])

    with pytest.raises(CurationError, match=r"bad could not be added.*no such model"):
        curate(Hub(), "acme-test-models", "aws", "eu-west-1", ["bad", "good"])
    assert done == ["arn:aws:sagemaker:eu-west-1:aws:hub-content/SageMakerPublicHub/Model/good", "old"]
