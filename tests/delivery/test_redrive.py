"""What waits in dead-letter queues is shown, and brought back to the queue it came from."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

import main
from environments.manifest import Manifest
from tests.support.recording import Call, Refusal, recording

BASE = "https://sqs.eu-west-1.amazonaws.com/999999999999/"
SYNC, RULE, NEW = "acme-prod-model-sync-dead-letters", "acme-prod-rule-dead-letters", "acme-prod-new-dead-letters"
DOCUMENT = {"resource": {"aws_sqs_queue": {name: {"name": name} for name in (SYNC, RULE, NEW, "acme-prod-queue")}}}
Told = Callable[..., tuple[int, str, list[Call]]]


def _url(QueueName: str, **_: Any) -> object:
    missing = Refusal("AWS.SimpleQueueService.NonExistentQueue")
    return missing if QueueName == NEW else {"QueueUrl": f"{BASE}{QueueName}"}


def _attributes(QueueUrl: str, **_: Any) -> object:
    name = QueueUrl.rpartition("/")[2]
    arn = f"arn:aws:sqs:eu-west-1:999999999999:{name}"
    return {"Attributes": {"QueueArn": arn, "ApproximateNumberOfMessages": "3" if name == SYNC else "0"}}


def _sources(QueueUrl: str, **_: Any) -> object:
    return {"queueUrls": [f"{BASE}acme-prod-model-promotions"] if QueueUrl.endswith(SYNC) else []}


ANSWERS: dict[str, Any] = {
    "sqs:GetQueueUrl": _url,
    "sqs:GetQueueAttributes": _attributes,
    "sqs:ListDeadLetterSourceQueues": _sources,
    "sqs:StartMessageMoveTask": {"TaskHandle": "1"},
    "organizations:ListAccounts": {"Accounts": [{"Name": "ml-shared-services-prod", "Id": "999999999999"}]},
    "sts:GetCallerIdentity": {"Account": "111111111111", "Arn": "arn:aws:sts::111111111111:assumed-role/r/s"},
    "sts:AssumeRole": {"Credentials": {"AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": "c"}},
}


@pytest.fixture(name="run")
def _run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    stack = SimpleNamespace(id="one", account="ml-shared-services-prod", region="eu-west-1")
    manifest = SimpleNamespace(
        stacks=(stack,),
        organization=SimpleNamespace(
            home_region="eu-west-1", accounts=(SimpleNamespace(name="ml-shared-services-prod"),)
        ),
        documents=lambda out: {"one": DOCUMENT},
    )
    monkeypatch.setattr(Manifest, "read", lambda out: manifest)

    def run(*arguments: str, **answers: Any) -> tuple[int, str, list[Call]]:
        with recording(ANSWERS | {name.replace("_", ":"): answer for name, answer in answers.items()}) as calls:
            code = main.main(["redrive", *arguments])
        told = capsys.readouterr()
        return code, told.out + told.err, calls

    return run


def test_every_dead_letter_queue_that_is_there_is_listed_with_its_count(run: Told) -> None:
    """With where its messages came from; what is not applied yet is left out, and no account is asked for."""
    code, text, calls = run()
    assert code == 0
    assert "3 acme-prod-model-sync-dead-letters (from acme-prod-model-promotions)" in text
    assert f"0 {RULE} (from no queue)" in text
    assert text.endswith("3 messages wait in 1 of 2 queues\n")
    assert {call.operation.partition(":")[0] for call in calls} == {"sqs"}


def test_what_waits_goes_back_to_where_it_came_from(run: Told) -> None:
    """SQS moves it; with a role, in the account that the queue stands in."""
    code, text, calls = run(SYNC, "--role", "operator", "--per-second", "2")
    assert (code, text) == (0, "3 messages go back to acme-prod-model-promotions, 2 a second\n")
    assert "sts:AssumeRole" in [call.operation for call in calls]
    assert calls[-1].operation == "sqs:StartMessageMoveTask"


@pytest.mark.parametrize(
    ("arguments", "answers", "words"),
    [
        (["none"], {}, "there is no dead-letter queue none"),
        ([RULE], {}, "came from no queue"),
        ([SYNC], {"sqs_GetQueueAttributes": {"Attributes": {"QueueArn": "a", "ApproximateNumberOfMessages": "0"}}}, ""),
        ([SYNC], {"sqs_StartMessageMoveTask": Refusal("UnsupportedOperation")}, "SQS does not move its messages"),
        ([], {"sqs_GetQueueAttributes": Refusal("AccessDenied")}, "name a --role that may"),
        (["--role", "r"], {"organizations_ListAccounts": {"Accounts": []}}, "has no account ml-shared-services-prod"),
        (["--account", "elsewhere"], {}, "there is no account elsewhere; there are: ml-shared-services-prod"),
    ],
)
def test_what_cannot_go_back_is_told(run: Told, arguments: list[str], answers: dict[str, Any], words: str) -> None:
    """In a sentence, with the exit code of a wrong configuration; nothing is moved."""
    code, text, calls = run(*arguments, **answers)
    assert (code, words in text) == (2, True), text
    assert "Traceback" not in text
    assert "sqs:StartMessageMoveTask" not in [call.operation for call in calls] or "does not move" in text


def test_a_queue_that_no_stack_declares_is_told_without_asking_aws(run: Told) -> None:
    """Nobody has to sign in to hear of a slip of the pen; the queues that there are stand in the message."""
    code, text, calls = run("acme-prod-model-sync")
    assert (code, calls) == (2, [])
    assert SYNC in text
