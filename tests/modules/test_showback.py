"""What lines of business are told of their costs: the right sums, once a month, or somebody hears that it failed."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import cdktf
import pytest
from botocore.exceptions import ClientError
from constructs import Construct

from modules.cost_reporting.functions.send_showback.handler import QueryError, Showback, _month
from modules.cost_reporting.functions.send_showback.report import (
    COLUMNS,
    Line,
    Row,
    as_csv,
    as_text,
    by_line,
    month_before,
)
from modules.cost_reporting.reports_settings import ReportsSettings, ShowbackSettings
from modules.cost_reporting.reports_store import ReportsStore
from modules.cost_reporting.showback import Showback as ShowbackConstruct
from tests.support.rendering import NAMING, Rendered, TestStack, render

HERE = replace(NAMING, environment="prod", account="observability-prod", account_id="888888888888")
LINES = {"Financial Crime": ("fraud-lead@acme.example",), "Retail Lending": ("lending-lead@acme.example",)}
TOPICS = "arn:aws:sns:eu-west-1:888888888888:"
ROWS = (
    ("Financial Crime", "fraud", "card-safety", "Own", "1150.75", "1150.75"),
    ("Financial Crime", "fraud", "No product", "Own", "43.25", "40.00"),
    ("Financial Crime", "Shared platform", "No product", "Shared platform", "60.49", "57.10"),
    ("Retail Lending", "lending", "loans", "Own", "50.00", "69.00"),
)


def build(
    scope: Construct, settings: ShowbackSettings | None = None, lines: Mapping[str, Sequence[str]] | None = None
) -> None:
    """The store with what tells lines of business of it."""
    store = ReportsStore(
        scope, "store", naming=HERE, settings=ReportsSettings(), copied=None, contact="aws-billing@acme.example"
    )
    ShowbackConstruct(
        scope,
        "showback",
        naming=HERE,
        settings=settings or ShowbackSettings(),
        store=store,
        lines=LINES if lines is None else lines,
        boundary_arn="arn:aws:iam::888888888888:policy/boundary",
    )


@pytest.fixture(name="rendered", scope="module")
def _rendered() -> Rendered:
    return render(build)


@dataclass
class Athena:
    """Athena that answers with these rows, or ends in this state."""

    rows: Sequence[Sequence[str]] = ROWS
    state: str = "SUCCEEDED"
    asked: list[str] = field(default_factory=list)

    def start_query_execution(self, **params: Any) -> dict[str, Any]:
        self.asked.append(params["QueryString"])
        return {"QueryExecutionId": "q-1"}

    def get_query_execution(self, **_: Any) -> dict[str, Any]:
        return {"QueryExecution": {"Status": {"State": self.state, "StateChangeReason": "scanned too much"}}}

    def get_query_results(self, **_: Any) -> dict[str, Any]:
        rows = [{"Data": [{"VarCharValue": value} for value in row]} for row in (COLUMNS, *self.rows)]
        return {"ResultSet": {"Rows": rows}}

    def get_paginator(self, _: str) -> Any:
        return self

    def paginate(self, **_: Any) -> list[dict[str, Any]]:
        return [self.get_query_results()]


@dataclass
class World:
    """A bucket and topics."""

    objects: dict[str, bytes] = field(default_factory=dict)
    told: list[dict[str, Any]] = field(default_factory=list)
    broken: str | None = None

    def put_object(self, **params: Any) -> None:
        self.objects[params["Key"]] = params["Body"]

    def list_objects_v2(self, **params: Any) -> dict[str, int]:
        return {"KeyCount": sum(key.startswith(params["Prefix"]) for key in self.objects)}

    def publish(self, **params: Any) -> None:
        if params["TopicArn"] == self.broken:
            raise ClientError({"Error": {"Code": "KMSDisabled"}}, "Publish")
        self.told.append(params)


def _showback(athena: Athena, world: World) -> Showback:
    lines = {name: Line(name.split()[0].lower(), f"acme-prod-{name.split()[0].lower()}") for name in LINES}
    places = ("acme-prod-cost-reports", "showback", "cost_allocated", "cost_reports", "acme-prod-cost-queries", TOPICS)
    return Showback(athena, world, world, lines, *places)


def test_the_month_is_that_before_the_schedule() -> None:
    """Also in January; by hand any month may be named, and nothing that is none."""
    assert month_before(date(2026, 1, 8)) == "2025-12"
    assert _month({"time": "2026-11-08T06:00:00Z"}) == "2026-10"
    assert _month({"month": "2026-03"}) == "2026-03"
    with pytest.raises(ValueError, match="'2026-1' is no month"):
        _month({"month": "2026-1"})
    with pytest.raises(ValueError, match="has no time"):
        _month({})


def test_each_line_of_business_is_written_and_told_its_own() -> None:
    """A file each, and a message with the sum, what is shared, its teams, and where the file lies."""
    athena, world = Athena(), World()
    _showback(athena, world).report("2026-10")
    assert athena.asked[0].endswith(
        "FROM cost_allocated WHERE billing_period = '2026-10' ORDER BY line_of_business, team, product, origin"
    )
    assert world.objects["showback/financial/2026-10.csv"].decode().splitlines() == [
        "line_of_business,team,product,origin,billed_cost,amortized_cost",
        *(",".join(row) for row in ROWS[:3]),
    ]
    first, second = world.told
    assert (first["TopicArn"], second["TopicArn"]) == (f"{TOPICS}acme-prod-financial", f"{TOPICS}acme-prod-retail")
    assert "1,254.49" in first["Message"]
    assert "fraud: 1,194.00" in first["Message"]
    assert "its part of Shared platform: 60.49" in first["Message"]
    assert "s3://acme-prod-cost-reports/showback/financial/2026-10.csv" in first["Message"]
    assert "1,254.49" not in second["Message"]


def test_a_report_that_is_made_again_is_written_anew_and_told_once() -> None:
    """A bill may change after its month; who was told is not told again."""
    world = World()
    _showback(Athena(), world).report("2026-10")
    changed = [*ROWS[:3], (*ROWS[3][:4], "49.00", "69.00")]
    _showback(Athena(changed), world).report("2026-10")
    assert b"49.00" in world.objects["showback/retail/2026-10.csv"]
    assert len(world.told) == 2


def test_who_could_not_be_told_is_told_at_the_next_try() -> None:
    """The run fails, and those that were told before are not told twice."""
    world = World(broken=f"{TOPICS}acme-prod-retail")
    with pytest.raises(ClientError, match="KMSDisabled"):
        _showback(Athena(), world).report("2026-10")
    world.broken = None
    _showback(Athena(), world).report("2026-10")
    assert [each["TopicArn"].rpartition("-")[2] for each in world.told] == ["financial", "retail"]


@pytest.mark.parametrize(
    ("athena", "why"),
    [
        (Athena(rows=()), "no costs of 2026-10 yet"),
        (Athena(state="FAILED"), "q-1 failed: scanned too much"),
        (Athena(state="CANCELLED"), "q-1 cancelled"),
    ],
)
def test_a_month_without_an_answer_is_an_error(athena: Athena, why: str) -> None:
    """Nothing is written or told, and Lambda tries again."""
    world = World()
    with pytest.raises(QueryError, match=why):
        _showback(athena, world).report("2026-10")
    assert not world.objects
    assert not world.told


def test_a_line_of_business_that_nobody_knows_is_an_error() -> None:
    """Its costs would else be told to nobody."""
    row = Row.of(("Trading", "desk", "No product", "Own", "1.00", "1.00"))
    with pytest.raises(ValueError, match="costs of Trading, which has no topic"):
        by_line([row], {})


def test_a_message_names_teams_by_what_they_cost() -> None:
    """The dearest first; credits may exceed costs."""
    rows = [
        Row("L", team, "p", "Own", Decimal(cost), Decimal(0)) for team, cost in (("a", "1"), ("b", "9"), ("c", "-3"))
    ]
    text = as_text("L", "2026-10", rows, "s3://b/k")
    assert [line.strip() for line in text.splitlines()[2:5]] == ["b: 9.00", "a: 1.00", "c: -3.00"]
    assert as_csv([]).decode() == ",".join(COLUMNS) + "\n"


def test_the_archive_knows_the_topics_that_the_stack_makes(rendered: Rendered) -> None:
    """What nobody owns goes to who answers for the bill."""
    stack = TestStack(cdktf.Testing.app())
    build(stack)
    with zipfile.ZipFile(io.BytesIO(stack.assets["send-showback.zip"])) as archive:
        told = json.loads(archive.read("modules/cost_reporting/functions/send_showback/lines.json"))
    topics = {topic["name"] for topic in rendered.all("aws_sns_topic").values()}
    assert {line["topic"] for line in told.values()} == topics
    assert told["Unallocated"]["topic"] == "acme-prod-cost-reports"


def test_owners_are_told_unless_the_settings_name_others(rendered: Rendered) -> None:
    """By line of business."""
    others = ShowbackSettings(recipients={"Retail Lending": ("cfo@acme.example",)})
    changed = render(lambda scope: build(scope, others))
    emails = [
        {each["endpoint"] for each in found.all("aws_sns_topic_subscription").values()} for found in (rendered, changed)
    ]
    assert emails[0] - emails[1] == {"lending-lead@acme.example"}
    assert emails[1] - emails[0] == {"cfo@acme.example"}


def test_a_report_that_failed_is_told(rendered: Rendered) -> None:
    """Its event waits in the dead-letter queue, on which an alarm tells the topic of reports."""
    alarm = rendered.one("aws_cloudwatch_metric_alarm")
    assert alarm["dimensions"]["QueueName"].startswith("${aws_sqs_queue.showback_function")
    assert alarm["alarm_actions"][0].startswith("${aws_sns_topic.store_topic")
    assert rendered.one("aws_lambda_function")["reserved_concurrent_executions"] == 1


def test_reports_of_usage_are_not_read(rendered: Rendered) -> None:
    """The function reads the exports, and writes its own reports without reading any: objects of no other prefix."""
    policies = {each["name"]: each["policy"] for each in rendered.all("aws_iam_role_policy").values()}
    said = {each["Sid"]: each for each in json.loads(policies["send-showback"])["Statement"]}
    bucket = "arn:aws:s3:::acme-prod-cost-reports"
    assert said["ReadCosts"]["Resource"] == [f"{bucket}/allocation/*", f"{bucket}/cur2/*"]
    assert (said["KeepReports"]["Action"], said["KeepReports"]["Resource"]) == ("s3:PutObject", f"{bucket}/showback/*")
    assert said["KeepResults"]["Resource"] == "arn:aws:s3:::acme-prod-cost-queries/results/*"
