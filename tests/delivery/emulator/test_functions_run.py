"""How the functions of a flow are run: by queues and rules, as their roles, with faults that tests choose."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from delivery.emulator import Emulator
from tests.delivery.emulator.conftest import REGION, Client
from tests.support.flow import Flow
from tests.support.function_process import Fault, archives, killed

pytestmark = pytest.mark.e2e

ACCOUNT = "454545454545"
HANDLER = """
import json, os
import boto3

def handle(event, context):
    s3 = boto3.client("s3")
    failed = []
    for record in event.get("Records", [{"messageId": "-", "body": json.dumps(event)}]):
        detail = json.loads(record["body"])["detail"]
        if detail["name"] == "wrong":
            failed.append({"itemIdentifier": record["messageId"]})
            continue
        who = boto3.Session().client("sts").get_caller_identity()["Arn"]
        s3.put_object(Bucket=os.environ["BUCKET"], Key=detail["name"], Body=who.encode())
        print(json.dumps({"kept": detail["name"]}))
    return {"batchItemFailures": failed}
"""


def _rule(client: Client, target: str) -> None:
    events = client("events", ACCOUNT)
    events.put_rule(Name="kept", EventPattern=json.dumps({"source": ["acme.flow"]}))
    events.put_targets(Rule="kept", Targets=[{"Id": "target", "Arn": target}])


@pytest.fixture(scope="module", name="archive")
def _archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("keep.py", HANDLER)
    path = tmp_path_factory.mktemp("functions") / "keep.zip"
    path.write_bytes(content.getvalue())
    return path


@pytest.fixture(scope="module", name="flow")
def _flow(emulator: Emulator, client: Client, archive: Path) -> Iterator[Flow]:
    """A function that keeps what a queue's messages name, and one queue for those that failed three times."""
    assumed = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}],
    }
    role = client("iam", ACCOUNT).create_role(RoleName="keeper", AssumeRolePolicyDocument=json.dumps(assumed))
    sqs = client("sqs", ACCOUNT)
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:"
    for name in ("failed", "unheard"):
        sqs.create_queue(QueueName=name)
    redrive = json.dumps({"deadLetterTargetArn": f"{arn}failed", "maxReceiveCount": 3})
    sqs.create_queue(QueueName="waiting", Attributes={"RedrivePolicy": redrive, "VisibilityTimeout": "600"})
    client("s3", ACCOUNT).create_bucket(Bucket="flow-kept", CreateBucketConfiguration={"LocationConstraint": REGION})
    functions = client("lambda", ACCOUNT)
    made = functions.create_function(
        FunctionName="keep",
        Runtime="python3.13",
        Role=role["Role"]["Arn"],
        Handler="keep.handle",
        Code={"ZipFile": archive.read_bytes()},
        Environment={"Variables": {"BUCKET": "flow-kept"}},
        DeadLetterConfig={"TargetArn": f"{arn}unheard"},
        Timeout=30,
    )
    functions.create_event_source_mapping(
        EventSourceArn=f"{arn}waiting",
        FunctionName=made["FunctionArn"],
        BatchSize=10,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
    with Flow(emulator.environment(), archives(archive.parent), [ACCOUNT]) as flow:
        yield flow


@pytest.fixture(autouse=True)
def _empty(flow: Flow, client: Client) -> None:
    """No test sees what another one left."""
    for queue in ("waiting", "failed", "unheard"):
        flow.take(ACCOUNT, queue)
    s3 = client("s3", ACCOUNT)
    for each in s3.list_objects_v2(Bucket="flow-kept").get("Contents", []):
        s3.delete_object(Bucket="flow-kept", Key=each["Key"])
    _rule(client, f"arn:aws:sqs:{REGION}:{ACCOUNT}:waiting")


def _tell(client: Client, *names: str) -> None:
    entries = [{"Source": "acme.flow", "DetailType": "Kept", "Detail": json.dumps({"name": name})} for name in names]
    client("events", ACCOUNT).put_events(Entries=entries)


def _kept(client: Client) -> dict[str, str]:
    s3 = client("s3", ACCOUNT)
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket="flow-kept").get("Contents", [])]
    return {key: s3.get_object(Bucket="flow-kept", Key=key)["Body"].read().decode() for key in keys}


def test_what_a_rule_sends_to_a_queue_reaches_its_function(flow: Flow, client: Client) -> None:
    """One batch, run as the function's role with its variables; the run tells its calls and what it printed."""
    _tell(client, "a", "b")
    (run,) = flow.settle()
    assert run.error is None
    assert run.calls == ("sts.GetCallerIdentity", "s3.PutObject") * 2
    assert [json.loads(line)["kept"] for line in run.log.splitlines()] == ["a", "b"]
    assert _kept(client) == dict.fromkeys("ab", f"arn:aws:sts::{ACCOUNT}:assumed-role/keeper/flow")
    assert flow.settle() == []


def test_of_a_batch_only_what_failed_comes_again_and_ends_among_the_dead_letters(flow: Flow, client: Client) -> None:
    """A message that is named as failed is given three times, its neighbour once; then it lies where it can be seen."""
    _tell(client, "a", "wrong")
    runs = flow.settle()
    assert [len(run.event["Records"]) for run in runs] == [2, 1, 1]
    (dead,) = flow.waiting(ACCOUNT, "failed")
    assert dead["detail"] == {"name": "wrong"}
    sqs = client("sqs", ACCOUNT)
    sqs.start_message_move_task(SourceArn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:failed")
    (task,) = sqs.list_message_move_tasks(SourceArn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:failed")["Results"]
    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 1)
    assert [each["detail"] for each in flow.waiting(ACCOUNT, "waiting")] == [{"name": "wrong"}]


@pytest.mark.parametrize(
    ("fault", "kept", "attempts"),
    [
        (Fault("s3.PutObject", error="SlowDown", status=503, times=1), {"a"}, 2),
        (Fault("s3.*", error="AccessDenied", status=403), set(), 3),
        (killed("s3.PutObject"), set(), 3),
        (killed("s3.PutObject", afterwards=True), {"a"}, 3),
    ],
    ids=["throttled", "denied", "killed before", "killed after"],
)
def test_a_fault_meets_every_run_that_makes_the_call(
    flow: Flow, client: Client, fault: Fault, kept: set[str], attempts: int
) -> None:
    """A refused call did nothing, a kill afterwards did; what failed as often as allowed is among the dead letters."""
    _tell(client, "a")
    first = [flow.give(listener, [fault]) for listener in flow.listeners()]
    assert any(run is not None and run.error is not None for run in first)
    again = flow.settle([fault] if fault.times > 1 or attempts == 3 else [])
    assert len(again) == attempts - 1
    assert _kept(client).keys() == kept
    assert len(flow.waiting(ACCOUNT, "failed")) == (attempts == 3)


def test_events_can_be_lost_repeated_and_turned_round(flow: Flow, client: Client) -> None:
    """A test takes what waits and puts back what it likes."""
    _tell(client, "a", "b", "c")
    first, second, _ = flow.take(ACCOUNT, "waiting")
    flow.put(ACCOUNT, "waiting", [second, first, second])
    (run,) = flow.settle()
    assert [json.loads(each["body"])["detail"]["name"] for each in run.event["Records"]] == ["b", "a", "b"]
    assert _kept(client).keys() == {"a", "b"}


def test_a_rule_that_goes_by_a_schedule_hears_of_no_event(flow: Flow, client: Client) -> None:
    """It has no pattern, and would otherwise match whatever is said."""
    events = client("events", ACCOUNT)
    events.put_rule(Name="daily", ScheduleExpression="rate(1 day)")
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:unheard"
    events.put_targets(Rule="daily", Targets=[{"Id": "target", "Arn": arn}])
    _tell(client, "a")
    assert flow.take(ACCOUNT, "unheard") == []
    assert len(flow.settle()) == 1


def test_a_copy_into_a_bucket_that_retains_needs_no_checksum(client: Client) -> None:
    """An upload has one by the SDK; a copy is made by S3."""
    s3, place = client("s3", ACCOUNT), {"CreateBucketConfiguration": {"LocationConstraint": REGION}}
    s3.create_bucket(Bucket="flow-retained", ObjectLockEnabledForBucket=True, **place)
    rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}}
    lock = {"ObjectLockEnabled": "Enabled", "Rule": rule}
    s3.put_object_lock_configuration(Bucket="flow-retained", ObjectLockConfiguration=lock)
    s3.put_object(Bucket="flow-retained", Key="a", Body=b"a", ChecksumAlgorithm="SHA256")
    s3.copy_object(Bucket="flow-retained", Key="b", CopySource={"Bucket": "flow-retained", "Key": "a"})
    assert s3.get_object(Bucket="flow-retained", Key="b")["Body"].read() == b"a"


def test_an_event_for_a_function_is_given_three_times_and_then_kept(flow: Flow, client: Client) -> None:
    """A rule may name the function itself; what it fails at lies in its own dead-letter queue."""
    _rule(client, f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:keep")
    _tell(client, "a")
    (run,) = flow.settle()
    assert (run.event["detail"], run.error) == ({"name": "a"}, None)
    _tell(client, "b")
    assert len(flow.settle([Fault("s3.*", error="AccessDenied", status=403)])) == 3
    assert [each["detail"]["name"] for each in flow.waiting(ACCOUNT, "unheard")] == ["b"]
    assert _kept(client).keys() == {"a"}


def test_an_archive_that_was_not_applied_is_told(emulator: Emulator, archive: Path) -> None:
    """A function is never run from other bytes than those that were applied."""
    told = pytest.raises(AssertionError, match="no archive of this run has the digest of keep")
    with Flow(emulator.environment(), {}, [ACCOUNT]) as strange, told:
        strange.function(ACCOUNT, "keep")
