"""Stopping what nobody uses: only off hours, only where YAML says so, only what is known to be idle; and it is told."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aws_lambda_powertools import Metrics
from botocore.exceptions import ClientError
from constructs import Construct

from modules.core.foreign_role import ForeignRole
from modules.core.handshake import Edge
from modules.cost_reporting.edges import STOPS_WASTE
from modules.cost_reporting.functions.list_usage.rows import columns
from modules.cost_reporting.functions.stop_waste import handler
from modules.cost_reporting.functions.stop_waste.decision import Rules, Stop, kept_until
from modules.cost_reporting.names import WASTE_STOP
from modules.cost_reporting.usage_settings import StopSettings
from modules.cost_reporting.visited import Visited
from modules.cost_reporting.waste_stop import STOPS, WasteStop, topic_arn
from modules.cost_reporting.waste_stopper import WasteStopper
from tests.modules.test_usage_inventory import REPORTING, policy
from tests.support.rendering import NAMING, Rendered, TestStack, render, statements
from tests.support.usage_world import Client

QUEUE = "https://sqs.eu-west-1.amazonaws.com/777777777777/acme-prod-waste-stop"
NIGHT = datetime(2026, 11, 23, 22, 40, tzinfo=UTC)  # a Monday
TOPIC = "arn:aws:sns:eu-west-1:777777777777:acme-prod-waste-of-fraud"
DEV = Visited(
    "fraud-dev", "arn:aws:iam::222222222222:role/acme-dev-waste-stopper", "dev", "fraud", "cards", "on", TOPIC
)
RULES = Rules(from_hour=6, until_hour=19, idle_hours=2)
EDGE = Edge(STOPS_WASTE, "observability-prod", "fraud-dev")
SPACES = {"idle": 3.0, "busy": 1.0, "kept": 9.0, "unknown": None}
OVERNIGHT = [{"Key": "KeepRunningUntil", "Value": "2026-11-24"}]


def build(mode: str) -> Callable[[Construct], None]:
    """The role in a development account by its mode, and the function that becomes it."""

    def place(scope: Construct) -> None:
        settings = StopSettings.model_validate({"mode": mode})
        WasteStopper(
            scope,
            "stopper",
            naming=NAMING,
            settings=settings,
            function=ForeignRole(REPORTING, WASTE_STOP, "o-acme"),
            boundary_arn="arn:aws:iam::222222222222:policy/boundary",
            edge=EDGE,
        )
        WasteStop(
            scope,
            "waste",
            naming=REPORTING,
            settings=settings,
            accounts=[DEV],
            owners={"fraud": "fraud@acme.example", None: "operations@acme.example"},
            regions=("eu-west-1",),
            keep_days=400,
            database="cost_reports",
            organization_id="o-acme",
            bucket_name="acme-prod-cost-reports",
            bucket_arn="arn:aws:s3:::acme-prod-cost-reports",
            key_arn="arn:aws:kms:eu-west-1:777777777777:key/reports",
            boundary_arn="arn:aws:iam::777777777777:policy/boundary",
            edges=[EDGE],
        )
        assert isinstance(scope, TestStack)
        assert scope.sides == {(EDGE, side) for side in STOPS_WASTE.sides}

    return place


@pytest.fixture(name="rendered", scope="module")
def _rendered() -> Rendered:
    """With stopping switched on."""
    return render(build("on"))


def _app(**request: Any) -> Mapping[str, Any]:
    space = request["SpaceName"]
    hours = SPACES[space]
    found: dict[str, Any] = {
        "AppArn": f"arn:aws:sagemaker:eu-west-1:222222222222:app/d-1/{space}/jupyterlab/default",
        "Status": "InService",
        "CreationTime": NIGHT - timedelta(days=30),
        "ResourceSpec": {"InstanceType": "ml.g5.xlarge"},
    }
    return found if hours is None else {**found, "LastUserActivityTimestamp": NIGHT - timedelta(hours=hours)}


ANSWERS: dict[str, Any] = {
    "sagemaker:ListSpaces": {
        "Spaces": [
            {"DomainId": "d-1", "SpaceName": name, "OwnershipSettingsSummary": {"OwnerUserProfileName": "ada"}}
            for name in SPACES
        ]
    },
    "sagemaker:ListApps": {
        "Apps": [
            {
                "DomainId": "d-1",
                "SpaceName": name,
                "AppType": "JupyterLab",
                "AppName": "default",
                "Status": "InService",
            }
            for name in SPACES
        ]
    },
    "sagemaker:DescribeApp": _app,
    "sagemaker:ListTags": lambda **request: {
        "Tags": OVERNIGHT if str(request["ResourceArn"]).endswith(":space/d-1/kept") else []
    },
}


class World:
    """The function by night, with what it stops, writes and says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.deleted: list[str] = []
        self.written: dict[str, bytes] = {}
        self.said: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        self.broken = False
        own = {"sqs:SendMessageBatch": self._send, "s3:PutObject": self._put, "sns:Publish": self._say}
        monkeypatch.setattr(handler, "_client", lambda service: Client(service, own))
        monkeypatch.setattr(handler, "become", lambda *_, **__: self)
        monkeypatch.setattr(handler, "_now", lambda: NIGHT)
        monkeypatch.setattr(handler, "metrics", Metrics(namespace="mlgov/Functions", service=WASTE_STOP))
        settings = {
            "BUCKET": "reports",
            "PREFIX": "waste/",
            "REGIONS": "eu-west-1",
            "FROM_HOUR": "6",
            "UNTIL_HOUR": "19",
            "IDLE_HOURS": "2",
            "OWN_QUEUE_URL": QUEUE,
            "SESSION": WASTE_STOP,
            "EXTERNAL_ID": "acme-cost-reporting",
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)

    def client(self, service: str, **_: Any) -> Client:
        """As a session of the account makes one."""
        return Client(service, {**ANSWERS, "sagemaker:DeleteApp": self._delete})

    def visit(self, visited: Visited = DEV) -> list[dict[str, Any]]:
        """Deliver the account's message; the rows of the record."""
        body = json.dumps({"time": "2026-11-23T22:40:00Z", "account": asdict(visited)})
        handler.handle({"Records": [{"body": body, "attributes": {"ApproximateReceiveCount": "1"}}]}, None)
        return self.rows()

    def rows(self) -> list[dict[str, Any]]:
        """What is recorded."""
        return [json.loads(line) for body in self.written.values() for line in gzip.decompress(body).splitlines()]

    def _delete(self, **request: Any) -> None:
        if self.broken:
            raise ClientError({"Error": {"Code": "ConflictException", "Message": "busy"}}, "DeleteApp")
        self.deleted.append(request["SpaceName"])

    def _put(self, **request: Any) -> None:
        self.written[request["Key"]] = request["Body"]

    def _say(self, **request: Any) -> None:
        self.said.append(request)

    def _send(self, **request: Any) -> Mapping[str, Any]:
        self.sent += request["Entries"]
        return {}


@pytest.fixture(name="world")
def _world(monkeypatch: pytest.MonkeyPatch) -> World:
    return World(monkeypatch)


def test_an_app_that_is_known_to_be_idle_is_stopped_and_its_owners_hear_of_it(world: World) -> None:
    """One that is used, one that its owner keeps, and one of which nobody can tell are not."""
    outcomes = {row["arn"].split("/")[2]: row["outcome"] for row in world.visit()}
    assert world.deleted == ["idle"]
    assert outcomes == {"idle": "stopped", "kept": "kept"}
    (said,) = world.said
    assert said["TopicArn"] == TOPIC
    assert "JupyterLab of ada on ml.g5.xlarge in eu-west-1, last active 2026-11-23 19:40:00 UTC" in said["Message"]
    assert list(world.written) == ["waste/dt=2026-11-23/account=222222222222-2240-1.json.gz"]


def test_a_dry_run_records_what_it_would_stop_and_nothing_else(world: World) -> None:
    """As does an account whose message names no mode."""
    for mode in ("dry-run", None):
        world.visit(replace(DEV, mode=mode))
    assert {row["outcome"] for row in world.rows()} == {"would stop", "kept"}
    assert (world.deleted, world.said) == ([], [])


def test_nothing_is_stopped_while_people_work(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever time the message was sent for: a round does not begin, and one that is tried again ends."""
    monkeypatch.setattr(handler, "_now", lambda: datetime(2026, 11, 24, 9, tzinfo=UTC))
    world.visit()
    begin = json.dumps({"time": "2026-11-23T22:40:00Z", "accounts": [asdict(DEV)]})
    handler.handle({"Records": [{"body": begin}]}, None)
    assert (world.deleted, world.written, world.sent) == ([], {}, [])


def test_a_round_by_night_is_a_message_for_each_account(world: World, rendered: Rendered) -> None:
    """As the schedule's input begins it; it says what may be done there, and where the owners hear of it."""
    handler.handle({"Records": [{"body": rendered.one("aws_scheduler_schedule")["target"]["input"]}]}, None)
    (sent,) = world.sent
    assert json.loads(sent["MessageBody"])["account"] == asdict(DEV)


def test_an_app_that_could_not_be_stopped_is_recorded_and_raised(world: World) -> None:
    """So that the account is tried again; nobody is told of what did not happen."""
    world.broken = True
    with pytest.raises(ExceptionGroup, match="apps that could not be stopped"):
        world.visit()
    (failed,) = (row for row in world.rows() if row["outcome"] == "failed")
    assert "busy" in failed["detail"]
    assert world.said == []


@pytest.mark.parametrize(
    ("time", "off"),
    [
        ("2026-11-23T05:59:00Z", True),
        ("2026-11-23T06:00:00Z", False),
        ("2026-11-23T18:59:00Z", False),
        ("2026-11-23T19:00:00Z", True),
        ("2026-11-23T19:30:00+01:00", False),
        ("2026-11-28T12:00:00Z", True),
        ("2026-11-29T12:00:00Z", True),
    ],
)
def test_off_hours_are_those_of_the_settings_and_weekends(time: str, off: bool) -> None:
    """In UTC."""
    assert RULES.off_hours(datetime.fromisoformat(time)) is off


@pytest.mark.parametrize(
    ("asked", "kept"),
    [("2026-11-23", "2026-11-23"), ("2026-11-22", None), ("tomorrow", "tomorrow"), (None, None)],
)
def test_who_asks_keeps_an_app_through_the_day_that_is_named(asked: str | None, kept: str | None) -> None:
    """A day that nobody can read keeps it, too."""
    assert kept_until({} if asked is None else {"KeepRunningUntil": asked}, NIGHT) == kept


def test_the_role_stops_apps_only_where_yaml_switches_it_on(rendered: Rendered) -> None:
    """In a dry run it cannot; endpoints, jobs and notebooks it never can."""
    on = policy(rendered, "waste-stopper")
    assert on["Stop"]["Action"] == "sagemaker:DeleteApp"
    assert on["Stop"]["Resource"] == "arn:aws:sagemaker:*:222222222222:app/*"
    dry = policy(render(build("dry-run")), "waste-stopper")
    assert dry == {sid: each for sid, each in on.items() if sid != "Stop"}
    assert StopSettings().mode == "dry-run"


def test_the_function_alone_becomes_the_stopper(rendered: Rendered) -> None:
    """Of this organisation, with the external id."""
    roles = {each["name"]: each for each in rendered.all("aws_iam_role").values()}
    (trust,) = statements(roles["acme-dev-waste-stopper"]["assume_role_policy"]).values()
    assert trust["Condition"]["ArnEquals"] == {
        "aws:PrincipalArn": "arn:aws:iam::777777777777:role/acme-prod-waste-stop"
    }
    assert trust["Condition"]["StringEquals"]["aws:PrincipalOrgID"] == "o-acme"


def test_owners_hear_under_the_key_and_the_function_says_nothing_elsewhere(rendered: Rendered) -> None:
    """A topic for each team, and one for accounts that teams share."""
    topics = {each["name"]: each for each in rendered.all("aws_sns_topic").values()}
    assert sorted(topics) == ["acme-prod-waste-of-fraud", "acme-prod-waste-shared"]
    assert all(each["kms_master_key_id"] for each in topics.values())
    told = policy(rendered, "waste-stop")["TellOwners"]["Resource"]
    assert (
        told
        == [topic_arn(REPORTING, "fraud"), topic_arn(REPORTING, None)]
        == [TOPIC, TOPIC.replace("of-fraud", "shared")]
    )


def test_the_table_has_the_columns_of_a_record(rendered: Rendered, world: World) -> None:
    """By name, and where its objects lie."""
    table = rendered.one("aws_glue_catalog_table")
    declared = {each["name"]: each["type"] for each in table["storage_descriptor"]["columns"]}
    assert declared == columns(Stop)
    assert all(row.keys() == declared.keys() for row in world.visit())
    assert table["name"] == STOPS
    assert table["parameters"]["storage.location.template"] == "s3://acme-prod-cost-reports/waste/dt=$${dt}/"
