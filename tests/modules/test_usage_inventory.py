"""The inventory of usage: what it says of each thing, hour by hour, and that one account costs no other its rows."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from aws_lambda_powertools import Metrics
from constructs import Construct

from modules.core.foreign_role import ForeignRole
from modules.core.handshake import Edge
from modules.cost_reporting.edges import READS_USAGE
from modules.cost_reporting.functions.list_usage import handler
from modules.cost_reporting.functions.list_usage.gpus import gpus
from modules.cost_reporting.functions.list_usage.listing import rows
from modules.cost_reporting.functions.list_usage.rows import Hour, Row, columns
from modules.cost_reporting.names import USAGE, USAGE_INVENTORY
from modules.cost_reporting.usage_inventory import UsageInventory
from modules.cost_reporting.usage_reader import UsageReader
from modules.cost_reporting.usage_settings import UsageSettings
from modules.cost_reporting.usage_tables import UsageTables
from modules.cost_reporting.visited import Visited
from tests.support.rendering import NAMING, Rendered, TestStack, render, statements
from tests.support.usage_world import ANSWERS, DOMAIN, HOUR, PLACE, Client, arn, at, clients

REQUIRED = ("Team", "Project")
REPORTING = replace(NAMING, environment="prod", account="observability-prod", account_id="777777777777")
QUEUE = "https://sqs.eu-west-1.amazonaws.com/777777777777/acme-prod-usage-inventory"
ACCOUNTS = [
    Visited(
        f"team-{n}", f"arn:aws:iam::{n:012}:role/acme-{environment}-usage-reader", environment, f"team-{n}", "cards"
    )
    for n, environment in ((1, "dev"), (2, "prod"), (3, "dev"))
]
EDGE = Edge(READS_USAGE, "observability-prod", "fraud-dev")


def _build(scope: Construct) -> None:
    UsageReader(
        scope,
        "reader",
        naming=NAMING,
        inventory=ForeignRole(REPORTING, USAGE_INVENTORY, "o-acme"),
        boundary_arn="arn:aws:iam::222222222222:policy/boundary",
        edge=EDGE,
    )
    UsageInventory(
        scope,
        "usage",
        naming=REPORTING,
        accounts=ACCOUNTS,
        regions=("eu-west-1", "eu-central-1"),
        required_tags=REQUIRED,
        organization_id="o-acme",
        bucket_name="acme-prod-cost-reports",
        bucket_arn="arn:aws:s3:::acme-prod-cost-reports",
        key_arn="arn:aws:kms:eu-west-1:777777777777:key/reports",
        boundary_arn="arn:aws:iam::777777777777:policy/boundary",
        edges=[EDGE],
    )
    UsageTables(
        scope,
        "tables",
        settings=UsageSettings(),
        database="cost_reports",
        bucket="acme-prod-cost-reports",
        keep_days=400,
    )
    assert isinstance(scope, TestStack)
    assert scope.sides == {(EDGE, side) for side in READS_USAGE.sides}


@pytest.fixture(name="rendered", scope="module")
def _rendered() -> Rendered:
    """The role in a team's account, the function that becomes it, and the table over what it writes."""
    return render(_build)


@pytest.fixture(name="found", scope="module")
def _found() -> dict[tuple[str, str], Row]:
    return {(each.kind, each.name): each for each in rows(clients(), PLACE, HOUR, REQUIRED)}


def policy(rendered: Rendered, name: str) -> dict[str, dict[str, Any]]:
    """The statements of the inline policy called `name`."""
    found = {each["name"]: each["policy"] for each in rendered.all("aws_iam_role_policy").values()}
    return statements(found[name])


def test_everything_that_a_team_has_is_listed_once(found: dict[tuple[str, str], Row]) -> None:
    """Users of every page, spaces, apps that stand, endpoints, notebooks, jobs, pipelines and groups."""
    assert sorted(found) == [
        ("app", "default"),
        ("endpoint", "asked"),
        ("endpoint", "failed"),
        ("endpoint", "forgotten"),
        ("endpoint", "later"),
        ("feature-group", "velocity"),
        ("model-group", "acme-prod-fraud-cards"),
        ("model-group", "forgotten-models"),
        ("notebook", "old"),
        ("pipeline", "busy"),
        ("pipeline", "quiet"),
        ("processing", "prepare"),
        ("space", "ada-lab"),
        ("training", "gpu"),
        ("transform", "nightly"),
        ("tuning", "search"),
        ("user", "ada"),
        ("user", "grace"),
    ]
    assert found["user", "ada"].arn == arn(f"user-profile/{DOMAIN}/ada")


def test_hours_are_those_within_the_hour_times_the_machines(found: dict[tuple[str, str], Row]) -> None:
    """A job that began before and ended within has the part that lies within; one that waits for machines has none."""
    hours = {key: (each.instance_hours, each.gpu_hours) for key, each in found.items() if each.instance_hours}
    assert hours == {
        ("app", "default"): (0.75, 0),  # made at a quarter past
        ("endpoint", "asked"): (2, 0),
        ("endpoint", "forgotten"): (2, 0),
        ("endpoint", "later"): (2, 0),
        ("notebook", "old"): (1, 0),
        ("training", "gpu"): (1, 4),  # half an hour of two machines with four GPUs each
        ("processing", "prepare"): (2, 0),
        ("transform", "nightly"): (1, 0),
    }


def test_an_endpoint_says_when_it_was_asked_last_and_what_it_serves(found: dict[tuple[str, str], Row]) -> None:
    """One that answers later is measured by another metric; of one that nobody asked no time is known."""
    told = {name: (row.invocations, row.last_active) for (kind, name), row in found.items() if kind == "endpoint"}
    assert told == {
        "asked": (5, "2026-11-23 09:00:00"),
        "later": (0, "2026-11-20 09:00:00"),
        "forgotten": (0, None),
        "failed": (0, None),
    }
    assert found["endpoint", "asked"].serves == "acme-prod-fraud-cards"
    assert found["pipeline", "busy"].runs == 2
    assert found["pipeline", "quiet"].runs == 0


def test_an_app_is_of_the_owner_of_its_space(found: dict[tuple[str, str], Row]) -> None:
    """With when its user was last active."""
    app = found["app", "default"]
    assert (app.user_name, app.space_name, app.last_active) == ("ada", "ada-lab", "2026-11-23 09:20:00")


def test_an_account_of_one_team_is_that_teams_whatever_the_tags_say(found: dict[tuple[str, str], Row]) -> None:
    """As costs are allocated; project and product are the tags', and those that are missing are told."""
    asked, space = found["endpoint", "asked"], found["space", "ada-lab"]
    assert (asked.team, asked.product, asked.project, asked.missing_tags) == ("fraud", "cards-app", "card-fraud", None)
    assert (space.team, space.project, space.missing_tags) == ("fraud", None, "Team, Project")
    assert found["training", "gpu"].missing_tags == "Team"


def test_in_a_shared_account_the_tags_say_whose_a_thing_is() -> None:
    """What has none is nobody's."""
    shared = replace(PLACE, team=None, line_of_business=None)
    teams = {each.name: each.team for each in rows(clients(), shared, HOUR, REQUIRED) if each.kind == "endpoint"}
    assert teams["asked"] == "lending"
    assert teams["forgotten"] is None


def test_an_error_in_one_listing_leaves_no_half_inventory() -> None:
    """What AWS refuses is raised."""

    def refuse(**_: Any) -> None:
        raise ConnectionError("throttled")

    with pytest.raises(ConnectionError, match="throttled"):
        list(rows(clients({**ANSWERS, "sagemaker:ListFeatureGroups": refuse}), PLACE, HOUR, REQUIRED))


def test_metrics_of_many_endpoints_are_asked_in_calls_of_500() -> None:
    """CloudWatch takes no more."""
    many = [{"EndpointName": f"e{n}", "EndpointArn": arn(f"endpoint/e{n}")} for n in range(501)]
    found = clients({**ANSWERS, "sagemaker:ListEndpoints": {"Endpoints": many}})
    assert sum(each.kind == "endpoint" for each in rows(found, PLACE, HOUR, REQUIRED)) == 501
    assert found["cloudwatch"].calls == ["GetMetricData"] * 2


@pytest.mark.parametrize(
    ("instance_type", "number"),
    [
        ("ml.p5.48xlarge", 8),
        ("ml.g5.xlarge", 1),
        ("ml.g6e.24xlarge", 4),
        ("ml.m5.large", 0),
        ("ml.inf2.xlarge", 0),
        ("system", 0),
        (None, 0),
        ("ml.p9.48xlarge", None),
        ("ml.p5.96xlarge", None),
    ],
)
def test_a_type_says_how_many_gpus_it_has(instance_type: str | None, number: int | None) -> None:
    """Of one that the table does not know nobody claims zero."""
    assert gpus(instance_type) == number


def test_the_hour_is_the_last_whole_one() -> None:
    """Also just after it is over, and whatever the time zone of the message."""
    assert Hour.before(datetime.fromisoformat("2026-11-23T10:10:00Z")) == HOUR
    assert Hour.before(datetime.fromisoformat("2026-11-23T11:00:00+01:00")) == HOUR
    assert HOUR.seconds(at(-5), at(5)) == 300
    assert HOUR.seconds(at(70), None) == HOUR.seconds(None, None) == HOUR.seconds(at(-9), at(-5)) == 0


class Function:
    """The function with clients that remember what was sent and written, and accounts of which some refuse."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent: list[dict[str, Any]] = []
        self.written: dict[str, bytes] = {}
        self.refusing: set[str] = set()
        own = {"sqs:SendMessageBatch": self._send, "s3:PutObject": self._put}
        monkeypatch.setattr(handler, "_client", lambda service: Client(service, own))
        monkeypatch.setattr(handler, "become", self._become)
        monkeypatch.setattr(handler, "metrics", Metrics(namespace="mlgov/Functions", service=USAGE_INVENTORY))
        settings = {
            "BUCKET": "reports",
            "PREFIX": "usage/",
            "REGIONS": "eu-west-1,eu-central-1",
            "REQUIRED_TAGS": "Team,Project",
            "OWN_QUEUE_URL": QUEUE,
            "SESSION": USAGE_INVENTORY,
            "EXTERNAL_ID": "acme-cost-reporting",
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)

    def deliver(self, *bodies: str) -> None:
        """What Lambda does with messages of the queue."""
        handler.handle({"Records": [{"body": body} for body in bodies]}, None)

    def client(self, service: str, **_: Any) -> Client:
        """As a session of an account makes one."""
        return Client(service, ANSWERS)

    def _become(self, _: object, role_arn: str, **__: str) -> Function:
        if role_arn in self.refusing:
            raise PermissionError(role_arn)
        return self

    def _send(self, **request: Any) -> Mapping[str, Any]:
        assert request["QueueUrl"] == QUEUE
        assert len(request["Entries"]) <= 10, "SQS takes ten"
        self.sent += request["Entries"]
        return {"Successful": [], "Failed": []}

    def _put(self, **request: Any) -> None:
        self.written[request["Key"]] = request["Body"]


@pytest.fixture(name="function")
def _function(monkeypatch: pytest.MonkeyPatch) -> Function:
    return Function(monkeypatch)


def test_a_round_is_one_message_for_each_account(function: Function, rendered: Rendered) -> None:
    """As the schedule's own input begins it."""
    begins = rendered.one("aws_scheduler_schedule")["target"]["input"]
    function.deliver(begins.replace("<aws.scheduler.scheduled-time>", "2026-11-23T10:10:00Z"))
    told = [json.loads(each["MessageBody"]) for each in function.sent]
    assert told == [{"time": "2026-11-23T10:10:00Z", "account": asdict(each)} for each in ACCOUNTS]


def test_two_hundred_accounts_are_a_round(function: Function) -> None:
    """In calls of ten."""
    accounts = [asdict(replace(ACCOUNTS[0], account=f"a{n}")) for n in range(200)]
    function.deliver(json.dumps({"time": "2026-11-23T10:10:00Z", "accounts": accounts}))
    assert len({each["MessageBody"] for each in function.sent}) == 200


def test_what_the_queue_does_not_take_is_told(function: Function, monkeypatch: pytest.MonkeyPatch) -> None:
    """The round is begun anew."""
    refused = {"sqs:SendMessageBatch": {"Failed": [{"Id": "0", "Code": "InternalError"}]}}
    monkeypatch.setattr(handler, "_client", lambda service: Client(service, refused))
    with pytest.raises(ExceptionGroup, match="accounts that the round does not reach"):
        function.deliver(json.dumps({"time": "2026-11-23T10:10:00Z", "accounts": [asdict(ACCOUNTS[0])]}))


def message(visited: Visited) -> str:
    """That of one account."""
    return json.dumps({"time": "2026-11-23T10:10:00Z", "account": asdict(visited)})


def test_the_same_hour_again_writes_the_same_object(function: Function) -> None:
    """The same bytes, under the key of account and hour; the rows are those of all regions."""
    function.deliver(message(ACCOUNTS[0]))
    first = dict(function.written)
    function.deliver(message(ACCOUNTS[0]))
    assert function.written == first
    (key,) = first
    assert key == "usage/dt=2026-11-23/hour=09/account=000000000001.json.gz"
    lines = [json.loads(line) for line in gzip.decompress(first[key]).decode().splitlines()]
    assert {line["region"] for line in lines} == {"eu-west-1", "eu-central-1"}
    assert {line["account"] for line in lines} == {"team-1"}


def test_an_account_that_refuses_loses_no_others_rows(function: Function) -> None:
    """Its own message is raised for, so that it is tried again; nothing is written of it."""
    function.refusing.add(ACCOUNTS[1].role_arn)
    with pytest.raises(PermissionError):
        function.deliver(message(ACCOUNTS[1]))
    function.deliver(message(ACCOUNTS[2]))
    assert list(function.written) == ["usage/dt=2026-11-23/hour=09/account=000000000003.json.gz"]


def test_the_table_has_the_columns_that_the_function_writes(rendered: Rendered, function: Function) -> None:
    """By name, and each value by its type; partitions are where objects lie."""
    (table,) = (each for each in rendered.all("aws_glue_catalog_table").values() if each["name"] == USAGE)
    declared = {each["name"]: each["type"] for each in table["storage_descriptor"]["columns"]}
    assert declared == columns()
    function.deliver(message(ACCOUNTS[0]))
    types: dict[str, tuple[type, ...]] = {"string": (str,), "bigint": (int,), "double": (int, float)}
    for line in gzip.decompress(next(iter(function.written.values()))).decode().splitlines():
        row = json.loads(line)
        assert row.keys() == declared.keys()
        assert all(value is None or isinstance(value, types[declared[name]]) for name, value in row.items())
    assert [each["name"] for each in table["partition_keys"]] == ["dt", "hour"]
    template = table["parameters"]["storage.location.template"]
    assert template == "s3://acme-prod-cost-reports/usage/dt=$${dt}/hour=$${hour}/"


def test_the_inventory_alone_becomes_the_reader(rendered: Rendered) -> None:
    """Of this organisation, with the external id, and no other role of that account."""
    roles = {each["name"]: each for each in rendered.all("aws_iam_role").values()}
    (trust,) = statements(roles["acme-dev-usage-reader"]["assume_role_policy"]).values()
    assert trust["Principal"] == {"AWS": "arn:aws:iam::777777777777:root"}
    assert trust["Condition"] == {
        "ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::777777777777:role/acme-prod-usage-inventory"},
        "StringEquals": {"aws:PrincipalOrgID": "o-acme", "sts:ExternalId": "acme-cost-reporting"},
    }


def test_the_reader_lists_and_describes_and_reads_no_data(rendered: Rendered) -> None:
    """No action of it changes anything, and what AWS can bound to resources is bound to this account's."""
    found = policy(rendered, "usage-reader")
    actions = {each for statement in found.values() for each in _many(statement["Action"])}
    assert all(each.partition(":")[2].startswith(("List", "Describe", "Get")) for each in actions)
    assert actions - {each for each in actions if each.startswith("sagemaker:")} == {
        "cloudwatch:GetMetricData",
        "tag:GetResources",
    }
    assert all(each.startswith("arn:aws:sagemaker:*:222222222222:") for each in found["Describe"]["Resource"])


def test_the_function_becomes_readers_of_the_organisation_alone(rendered: Rendered) -> None:
    """By one pattern for each environment, whatever the number of accounts; it writes rows of usage and reads none."""
    found = policy(rendered, "usage-inventory")
    assert found["BecomeThem"]["Resource"] == [
        "arn:aws:iam::*:role/acme-dev-usage-reader",
        "arn:aws:iam::*:role/acme-prod-usage-reader",
    ]
    assert found["BecomeThem"]["Condition"] == {"StringEquals": {"aws:ResourceOrgID": "o-acme"}}
    assert found["WriteUsage"]["Resource"] == f"arn:aws:s3:::acme-prod-cost-reports/{USAGE}/dt=*"


def test_a_round_that_could_not_begin_waits_for_somebody(rendered: Rendered) -> None:
    """Every hour, tried for an hour, then in the dead-letter queue of the function."""
    schedule = rendered.one("aws_scheduler_schedule")
    assert schedule["schedule_expression"] == "cron(10 * * * ? *)"
    assert schedule["target"]["retry_policy"]["maximum_event_age_in_seconds"] == timedelta(hours=1).total_seconds()
    assert "dead-letters" in schedule["target"]["dead_letter_config"]["arn"]


def _many(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
