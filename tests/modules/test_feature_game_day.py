"""Game day: a bad file on a bad day, through the functions with AWS's real clients, against an emulated S3, SQS and
DynamoDB (moto). The feature store itself is played by answers in its wire format: moto has none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse

from modules.feature_store.documents import ingest_document
from modules.feature_store.functions.ingest_records.claims import Claims
from modules.feature_store.functions.ingest_records.handler import RETRYING, Ingest
from modules.feature_store.functions.ingest_records.record import Group
from modules.feature_store.functions.split_file.handler import Part, Split
from tests.support.features import NOW, feature_group
from tests.support.rendering import NAMING

pytestmark = pytest.mark.e2e
LEASE = 120
Outcome = str | None  # the code of an error, or None for what is written


class Body:
    """The body of an answer, as urllib3 streams it."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.content


class Day:
    """Everything that a record passes on its way, and how the feature store answers, call by call."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.outcomes, self.calls = NOW, list[Outcome](), 0
        self.written: list[dict[str, Any]] = []
        self.waits: list[float] = []
        monkeypatch.setattr("botocore.endpoint.time.sleep", self.waits.append)
        region = {"region_name": "eu-west-1"}
        self.s3, self.sqs = boto3.client("s3", **region), boto3.client("sqs", **region)
        self.dynamodb = boto3.client("dynamodb", **region)
        self.s3.create_bucket(Bucket="features", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        self.s3.put_bucket_versioning(Bucket="features", VersioningConfiguration={"Status": "Enabled"})
        names = ("acme-dev-card-velocity-ingest", "dead", "files")
        self.queue, self.dead, self.files = (self.sqs.create_queue(QueueName=name)["QueueUrl"] for name in names)
        self.dynamodb.create_table(
            TableName="claims",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "claim", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "claim", "AttributeType": "S"}],
        )
        store = boto3.client("sagemaker-featurestore-runtime", config=RETRYING, **region)
        store.meta.events.register_first("before-send.sagemaker-featurestore-runtime.PutRecord", self._answer)
        self.split = Split(self.s3, self.sqs, "acme-dev-{}-ingest", self.files, lambda _: None)
        self.ingest = Ingest(
            Group.of(ingest_document(NAMING, feature_group())),
            store,
            self.sqs,
            self.dead,
            Claims(self.dynamodb, "claims", LEASE, 86_400),
            lambda: self.now,
            lambda _: None,
        )

    def _answer(self, request: Any, **_: Any) -> AWSResponse:
        self.calls += 1
        code = self.outcomes.pop(0) if self.outcomes else None
        if code is None:
            self.written.append(json.loads(request.body))
            return AWSResponse(request.url, 200, {}, Body(b""))
        headers = {"x-amzn-errortype": code, "content-type": "application/json"}
        return AWSResponse(request.url, 400, headers, Body(b'{"Message": "as told"}'))

    def drop(self, *lines: str) -> int:
        """Drop a file of these lines, and split it."""
        key = "incoming/card-velocity/day.jsonl"
        version = self.s3.put_object(Bucket="features", Key=key, Body="\n".join(lines).encode())["VersionId"]
        return self.split.part(Part("features", key, version), lambda: 900.0)

    def work(self) -> int:
        """Work on the queue as Lambda does until it is empty; returns how many messages are to be tried again."""
        again = 0
        while messages := self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages"):
            records = [{"messageId": each["MessageId"], "body": each["Body"]} for each in messages]
            answer = self.ingest.batch({"Records": records}, lambda: 100.0)
            failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
            again += len(failed)
            for each in messages:
                if each["MessageId"] not in failed:
                    self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=each["ReceiptHandle"])
        return again

    def ids(self) -> list[str]:
        """The ids of the records that were written, in order."""
        values = [{each["FeatureName"]: each.get("ValueAsString") for each in put["Record"]} for put in self.written]
        return [str(each["card_id"]) for each in values]

    def letters(self) -> list[str]:
        """The rules that the messages in the dead-letter queue broke."""
        found = self.sqs.receive_message(QueueUrl=self.dead, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        return [each["MessageAttributes"]["Rule"]["StringValue"] for each in found.get("Messages", ())]


@pytest.fixture(name="day")
def _day(monkeypatch: pytest.MonkeyPatch) -> Iterator[Day]:
    from moto import mock_aws

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield Day(monkeypatch)


def line(card: str, **more: Any) -> str:
    """A record of the file."""
    return json.dumps({"card_id": card, "observed_at": NOW - 5, "payments": 1, **more})


def test_a_bad_file_is_written_once_and_its_faults_are_told(day: Day) -> None:
    """Of a file with duplicates, poison and nonsense each good record is written once; dropped again, none is."""
    content = [line("a"), line("b"), line("a"), line("c", payments=-1), "nonsense", line("d", payments=2)]
    assert day.drop(*content) == 6
    assert day.work() == 0
    assert sorted(day.ids()) == ["a", "b", "d"]
    assert sorted(day.letters()) == ["json", "minimum"]
    day.drop(*content)
    day.work()
    assert sorted(day.ids()) == ["a", "b", "d"]


def test_throttling_is_waited_out(day: Day) -> None:
    """Three refusals in AWS's wire format are retried by the SDK, each after a wait that may be twice as long."""
    day.outcomes = ["ThrottlingException"] * 3
    day.drop(line("a"))
    assert day.work() == 0
    assert day.ids() == ["a"]
    assert day.calls == 4
    assert all(wait <= 2**number for number, wait in enumerate(day.waits))
    assert len(day.waits) == 3


def test_throttling_that_does_not_end_gives_the_record_back_and_loses_nothing(day: Day) -> None:
    """When its lease is over, the message that came back is written."""
    day.outcomes = ["ThrottlingException"] * 4
    day.drop(line("a"), line("b"))
    assert day.work() == 1
    assert day.ids() == ["b"]
    day.now += LEASE + 1
    day.drop(line("a"))  # the same record, as SQS would give it out again
    assert day.work() == 0
    assert sorted(day.ids()) == ["a", "b"]


def test_what_the_store_finds_invalid_is_refused_at_once(day: Day) -> None:
    """A ValidationError is not retried, by the SDK or by the queue."""
    day.outcomes = ["ValidationError"]
    day.drop(line("a"))
    assert day.work() == 0
    assert day.letters() == ["sagemaker"]
    assert day.calls == 1
