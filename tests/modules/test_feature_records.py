"""Records are checked, written once, and never lost: `functions/ingest_records`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from modules.feature_store.documents import ingest_document
from modules.feature_store.functions.ingest_records.claims import FREE, Claims
from modules.feature_store.functions.ingest_records.handler import RESERVE_SECONDS, RETRYING, Ingest
from modules.feature_store.functions.ingest_records.record import Group, RefusedError, accept
from tests.support.features import NOW, feature_group
from tests.support.rendering import NAMING

GOOD = {"card_id": "c1", "observed_at": NOW - 10, "payments": 3}
LEASE = 120
DAY = 86_400


def group(**changed: Any) -> Group:
    """The group as the function reads it."""
    return Group.of(ingest_document(NAMING, feature_group(**changed)))


def fault(code: str, **more: Any) -> ClientError:
    """An error of AWS; its message quotes a value, as AWS's do."""
    return ClientError({"Error": {"Code": code, "Message": "card c1 is wrong"}, **more}, "Operation")


class Table:
    """The part of DynamoDB that claims use. That the real one reads the conditions so is tested with moto, below."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.deaf = False

    def put_item(self, *, Item: dict[str, Any], ConditionExpression: str, **rest: Any) -> None:
        assert ConditionExpression == FREE
        known, now = self.items.get(Item["claim"]["S"]), int(rest["ExpressionAttributeValues"][":now"]["N"])
        if known:
            leased = known["state"]["S"] == "claimed" and int(known["lease_until"]["N"]) < now
            if not leased and int(known["expires_at"]["N"]) >= now:
                raise fault("ConditionalCheckFailedException", Item=known)
        self.items[Item["claim"]["S"]] = Item

    def update_item(self, *, Key: dict[str, Any], **_: Any) -> None:
        if self.deaf:
            raise fault("InternalServerError")
        self.items[Key["claim"]["S"]]["state"] = {"S": "written"}


class World:
    """A store, a queue and a table that remember, and fail when told to."""

    def __init__(self, **changed: Any) -> None:
        self.table, self.now, self.left = Table(), NOW, 100.0
        self.put: list[dict[str, Any]] = []
        self.faults: list[Exception] = []
        self.dead: list[dict[str, Any]] = []
        self.told: list[dict[str, Any]] = []
        self.ingest = Ingest(
            group(**changed),
            self,
            self,
            "https://dead",
            Claims(self.table, "claims", LEASE, 7 * DAY),
            lambda: self.now,
            lambda line: self.told.append(json.loads(line)),
        )

    def put_record(self, **request: Any) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.put.append(request)

    def send_message(self, **request: Any) -> None:
        self.dead.append(request)

    def run(self, *records: Mapping[str, Any] | str) -> list[str]:
        """The places in the batch of the messages that are to be tried again."""
        bodies = [each if isinstance(each, str) else json.dumps(each) for each in records]
        event = {"Records": [{"messageId": str(number), "body": body} for number, body in enumerate(bodies)]}
        answer = self.ingest.batch(event, lambda: self.left)
        return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"card_id": None}, "required"),
        ({"card_id": ""}, "required"),
        ({"payments": None}, "required"),
        ({"payments": 1.5}, "type"),
        ({"payments": True}, "type"),
        ({"payments": 2**63}, "type"),
        ({"payments": "12a"}, "type"),
        ({"payments": -1}, "minimum"),
        ({"payments": 1001}, "maximum"),
        ({"spend": "1_000"}, "type"),
        ({"spend": "infinity"}, "type"),
        ({"spend": 10**400}, "type"),
        ({"channel": "fax"}, "one_of"),
        ({"channel": 7}, "type"),
        ({"shape": [0.5]}, "dimension"),
        ({"shape": "[0.5"}, "type"),
        ({"shape": {"x": 1}}, "type"),
        ({"shops": ["a", "a"]}, "unique"),
        ({"card_id": "\ud800"}, "type"),
        ({"observed_at": NOW + 61}, "future"),
        ({"observed_at": NOW * 1000}, "future"),
        ({"spent": 1}, "unknown"),
    ],
)
def test_a_record_that_breaks_a_rule_is_refused_and_the_reason_names_the_rule(given: dict[str, Any], rule: str) -> None:
    """Each rule of a group's file, and each trick with types, refuses the record, without quoting a value of it."""
    with pytest.raises(RefusedError) as refused:
        accept(json.dumps({**GOOD, **given}), group(), NOW)
    assert refused.value.rule == rule
    assert "c1" not in str(refused.value)
    assert "fax" not in str(refused.value)


@pytest.mark.parametrize("body", ["", "[]", "3", "{", '{"a": NaN}', '{"card_id": "a", "card_id": "b"}', "[" * 100_000])
def test_what_is_no_json_object_is_refused(body: str) -> None:
    """Broken, deeply nested and ambiguous JSON is refused, and does not stop the batch."""
    with pytest.raises(RefusedError) as refused:
        accept(body, group(), NOW)
    assert refused.value.rule == "json"


def test_numbers_and_lists_may_be_text_as_in_csv() -> None:
    """A record from CSV and the same from JSON are one record: written once."""
    of_csv = {"card_id": "c1", "observed_at": str(NOW - 10), "payments": "3", "shape": "[1, 2.50]", "spend": ""}
    of_json = {**GOOD, "shape": [1.0, 2.5]}
    records = [accept(json.dumps(each), group(), NOW) for each in (of_csv, of_json)]
    assert records[0].digest == records[1].digest
    assert records[0].values["shape"] == ["1.0", "2.5"]


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("2027-01-15T07:00:00Z", True),
        ("2027-01-15T07:00:00.250Z", True),
        ("2027-01-15T07:00:00", False),
        ("2027-02-30T07:00:00Z", False),
        ("2027-01-15 07:00:00Z", False),
    ],
)
def test_an_event_time_in_text_has_one_of_the_two_forms_of_sagemaker(text: str, good: bool) -> None:
    """What SageMaker would refuse is refused before, with a reason."""
    features = {
        "card_id": {"type": "string", "description": "Token"},
        "observed_at": {"type": "string", "description": "When"},
    }
    body, timed = json.dumps({"card_id": "c1", "observed_at": text}), group(features=features)
    if good:
        assert accept(body, timed, NOW).event_time == pytest.approx(1_799_996_400, abs=1)
        return
    with pytest.raises(RefusedError, match=r"form|calendar"):
        accept(body, timed, NOW)


def test_a_record_is_written_with_its_values_and_the_life_it_has_online() -> None:
    """The store gets every feature as text, a collection as a list, and the group's time to live."""
    world = World()
    assert world.run({**GOOD, "shape": [1, 2]}) == []
    (request,) = world.put
    assert request["FeatureGroupName"] == "acme-dev-card-velocity"
    assert {"FeatureName": "payments", "ValueAsString": "3"} in request["Record"]
    assert {"FeatureName": "shape", "ValueAsStringList": ["1.0", "2.0"]} in request["Record"]
    assert request["TtlDuration"] == {"Unit": "Days", "Value": 30}


def test_history_goes_to_the_offline_store_alone() -> None:
    """A record that the online store would drop at once can still be loaded for training, and is not fresh."""
    world = World()
    assert world.run({**GOOD, "observed_at": NOW - 31 * DAY}) == []
    assert world.put[0]["TargetStores"] == ["OfflineStore"]
    assert (world.told[0]["Written"], world.told[0]["Fresh"]) == (1, 0)
    alone = World(offline=False)
    alone.run({**GOOD, "observed_at": NOW - 31 * DAY})
    assert alone.dead[0]["MessageAttributes"]["Rule"]["StringValue"] == "expired"


def test_what_is_sent_twice_is_written_once() -> None:
    """The same record in one batch, and in a later one, is dropped; another value or time is another record."""
    world = World()
    assert world.run(GOOD, GOOD) == []
    assert world.run(GOOD, {**GOOD, "payments": 4}) == []
    assert len(world.put) == 2
    assert [line["Duplicates"] for line in world.told] == [1, 1]


def test_what_is_remembered_is_forgotten_in_the_end() -> None:
    """After `remember_days` a claim no longer counts, whether DynamoDB has deleted it yet or not."""
    world = World()
    world.run(GOOD)
    world.now += 8 * DAY
    world.run(GOOD)
    assert len(world.put) == 2


def test_a_crash_between_claim_and_write_loses_nothing() -> None:
    """While the lease of the run that died lasts the record waits; afterwards the next run writes it."""
    world = World()
    world.faults = [MemoryError()]  # the run dies: nothing below catches it
    with pytest.raises(MemoryError):
        world.run(GOOD)
    assert world.run(GOOD) == ["0"]
    world.now += LEASE + 1
    assert world.run(GOOD) == []
    assert len(world.put) == 1


def test_a_crash_between_write_and_note_writes_once_more_rather_than_never() -> None:
    """When DynamoDB cannot note the write, the message is tried again, and the record is written a second time."""
    world = World()
    world.table.deaf = True
    assert world.run(GOOD) == ["0"]
    world.table.deaf = False
    world.now += LEASE + 1
    assert world.run(GOOD) == []
    assert len(world.put) == 2


@pytest.mark.parametrize(
    "error",
    [
        fault("ThrottlingException"),
        fault("ServiceUnavailable"),
        fault("AccessForbidden"),
        EndpointConnectionError(endpoint_url="https://store"),
    ],
)
def test_a_fault_of_the_store_gives_back_its_message_and_no_other(error: Exception) -> None:
    """Throttling that outlasts the retries, and refusals of AWS that are not the record's fault, are tried again."""
    world = World()
    world.faults = [error]
    assert world.run(GOOD, {**GOOD, "card_id": "c2"}) == ["0"]
    assert len(world.put) == 1
    assert world.dead == []
    assert world.told[0]["Retried"] == 1


def test_throttling_waits_longer_from_try_to_try() -> None:
    """The SDK's standard mode does the waiting, and the reserve of a run leaves time for it."""
    assert RETRYING.retries == {"mode": "standard", "total_max_attempts": 4}
    assert RESERVE_SECONDS > 1 + 2 + 4


def test_a_poison_record_ends_in_the_dead_letter_queue_and_lets_the_others_through(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It lies there as it came, with group, rule and reason; the log says which message, and no value."""
    world = World()
    poison = '{"card_id": "c1", "\ud83d\\u0000": 1}'
    assert world.run(poison, GOOD) == []
    assert len(world.put) == 1
    (letter,) = world.dead
    assert letter["MessageBody"] == poison
    said = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
    assert (said["FeatureGroup"], said["Rule"]) == ("acme-dev-card-velocity", "unknown")
    assert said["Reason"].isprintable()
    assert "c1" not in caplog.text


def test_what_sagemaker_finds_invalid_is_not_tried_again() -> None:
    """A ValidationError is the record's fault: it is refused, and its message, which quotes values, goes nowhere."""
    world = World()
    world.faults = [fault("ValidationError")]
    assert world.run(GOOD) == []
    assert world.dead[0]["MessageAttributes"]["Rule"]["StringValue"] == "sagemaker"
    assert "c1" not in json.dumps(world.dead[0]["MessageAttributes"])


def test_a_run_begins_no_record_that_it_may_not_end() -> None:
    """With little time left the rest of the batch goes back to the queue, unclaimed."""
    world = World()
    world.left = RESERVE_SECONDS - 1.0
    assert world.run(GOOD, GOOD) == ["0", "1"]
    assert world.table.items == {}


def test_a_run_tells_what_it_did() -> None:
    """Metrics by group, and by rule that was broken, stand in the log in the embedded format."""
    world = World()
    world.run(GOOD, {**GOOD, "payments": -1}, "{")
    by_group, *by_rule = world.told
    assert (by_group["Written"], by_group["Fresh"], by_group["Refused"]) == (1, 1, 2)
    assert by_group["LagSeconds"] == [10.0]
    assert [(line["Rule"], line["RefusedByRule"]) for line in by_rule] == [("json", 1), ("minimum", 1)]
    directive = by_group["_aws"]["CloudWatchMetrics"][0]
    assert directive["Dimensions"] == [["FeatureGroup"]]
    assert {each["Name"] for each in directive["Metrics"]} <= by_group.keys()


@pytest.mark.e2e
def test_dynamodb_reads_the_conditions_of_claims_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Claimed, busy, written and forgotten, with DynamoDB's own reading of the expressions (moto)."""
    import boto3
    from moto import mock_aws

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-west-1")
        client.create_table(
            TableName="claims",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "claim", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "claim", "AttributeType": "S"}],
        )
        claims = Claims(client, "claims", LEASE, DAY)
        assert claims.claim("g#1", 1000) == "ours"
        assert claims.claim("g#1", 1000 + LEASE) == "busy"
        assert claims.claim("g#1", 1001 + LEASE) == "ours"
        claims.written("g#1", 1001 + LEASE)
        assert claims.claim("g#1", 5000) == "written"
        assert claims.claim("g#1", 2000 + LEASE + DAY) == "ours"
