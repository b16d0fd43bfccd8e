"""What Lambda does beside the embedded AWS: gives functions the messages and events that wait for them.

The functions are those that were applied: a function's configuration is read from the embedded AWS, its archive is the
one with the digest that is noted there, and it works with the credentials of its role. Time is not waited for: a
message that is given back is there again at once, whatever its visibility timeout says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

import boto3
from botocore.config import Config

from delivery.emulator.services.events import ASYNCHRONOUS
from tests.support.function_process import Fault, FunctionProcess, Run

# How often Lambda gives an event to a function that fails, unless it is told otherwise.
_ATTEMPTS = 3
# A queue may have its receivers wait, and the embedded AWS answers one request at a time.
_AT_ONCE = {"WaitTimeSeconds": 0}


@dataclass(frozen=True)
class Listener:
    """A function that is given the messages of a queue. `answers` tells that it says which messages of a batch failed;
    `dead_letters` where events end that Lambda itself queued for it.
    """

    account: str
    queue: str
    function: str
    batch: int
    answers: bool
    asynchronous: bool


class Flow:
    """The functions of some accounts of an embedded AWS.

    Guarantees: a function sees its own archive, variables and role, and nothing of the test; a batch that fails is
    given back as a whole, or the messages that the function names; a message that was given as often as its queue
    allows lies in the queue's dead-letter queue, an event in the function's.
    """

    def __init__(self, environment: Mapping[str, str], archives: Mapping[str, Path], accounts: Sequence[str]) -> None:
        self._endpoint, self._region = environment["AWS_ENDPOINT_URL"], environment["AWS_REGION"]
        self._archives = archives
        self._accounts = accounts
        self._functions: dict[str, FunctionProcess] = {}
        self._clients: dict[tuple[str, str], Any] = {}
        self.runs: list[Run] = []

    def __enter__(self) -> Flow:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for function in self._functions.values():
            function.close()

    def client(
        self, account: str, service: str, role: str = "OrganizationAccountAccessRole", session: str = "flow"
    ) -> Any:
        """A client in an account, as one of its roles, in a session that is called as who works in it."""
        key = (f"{account}/{role}/{session}", service)
        if key not in self._clients:
            given = self.credentials(f"arn:aws:iam::{account}:role/{role}", session)
            self._clients[key] = self._make(service, given)
        return self._clients[key]

    def settle(self, faults: Sequence[Fault] = (), *, at_most: int = 200) -> list[Run]:
        """Run functions until nothing waits for any of them; returns the runs in their order.

        `faults` meet every run. Raises AssertionError after `at_most` runs: something goes round in circles.
        """
        first = len(self.runs)
        while any([self.give(listener, faults) for listener in self.listeners()]):
            assert len(self.runs) - first < at_most, f"{self.runs[-1].function} and others find no end: {self.runs[-1]}"
        return self.runs[first:]

    def give(self, listener: Listener, faults: Sequence[Fault] = ()) -> Run | None:
        """Give a function one batch of what waits for it; None if nothing waits."""
        sqs = self.client(listener.account, "sqs")
        url = sqs.get_queue_url(QueueName=listener.queue)["QueueUrl"]
        found = sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=listener.batch,
            AttributeNames=["All"],
            VisibilityTimeout=43_200,
            **_AT_ONCE,
        ).get("Messages", [])
        if not found:
            return None
        event = json.loads(found[0]["Body"]) if listener.asynchronous else _batch(found, listener, self._region)
        run = self.function(listener.account, listener.function).invoke(event, faults)
        self.runs.append(run)
        back = _given_back(found, run, listener)
        for message in found:
            handle = {"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]}
            tried = int(message["Attributes"]["ApproximateReceiveCount"])
            if message["MessageId"] in back and not (listener.asynchronous and tried >= _ATTEMPTS):
                sqs.change_message_visibility(**handle, VisibilityTimeout=0)
                continue
            if message["MessageId"] in back:
                self._bury(listener, message["Body"])
            sqs.delete_message(**handle)
        return run

    def waiting(self, account: str, queue: str) -> list[Any]:
        """The messages of a queue, as JSON; they stay there."""
        sqs = self.client(account, "sqs")
        url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0, **_AT_ONCE).get(
            "Messages", []
        )
        return [json.loads(message["Body"]) for message in found]

    def take(self, account: str, queue: str) -> list[str]:
        """Take the bodies of all messages out of a queue: what is put back may be less, more or in another order."""
        sqs = self.client(account, "sqs")
        url, taken = sqs.get_queue_url(QueueName=queue)["QueueUrl"], []
        while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, **_AT_ONCE).get("Messages", []):
            for message in found:
                taken.append(message["Body"])
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return taken

    def put(self, account: str, queue: str, bodies: Sequence[str]) -> None:
        """Put messages with these bodies into a queue."""
        sqs = self.client(account, "sqs")
        url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        for body in bodies:
            sqs.send_message(QueueUrl=url, MessageBody=body)

    def function(self, account: str, name: str) -> FunctionProcess:
        """A function of an account, as it was applied last."""
        about = self.client(account, "lambda").get_function(FunctionName=name)["Configuration"]
        key = f"{account}/{name}/{about['CodeSha256']}/{about['LastModified']}"
        if key not in self._functions:
            archive = self._archives.get(about["CodeSha256"])
            assert archive is not None, f"no archive of this run has the digest of {name} in {account}"
            self._functions[key] = FunctionProcess(about, archive, self.credentials(about["Role"]), self._endpoint)
        return self._functions[key]

    def listeners(self) -> Iterator[Listener]:
        """Who is given what, as event source mappings and rules of the accounts say now."""
        for account in self._accounts:
            for each in self.client(account, "lambda").list_event_source_mappings()["EventSourceMappings"]:
                answers = "ReportBatchItemFailures" in (each.get("FunctionResponseTypes") or [])
                queue, function = (each[name].split(":") for name in ("EventSourceArn", "FunctionArn"))
                if each["State"] == "Enabled" and queue[2] == "sqs":
                    yield Listener(account, queue[5], function[6], each.get("BatchSize", 10), answers, False)
            prefix = ASYNCHRONOUS.format(function="")
            for url in self.client(account, "sqs").list_queues(QueueNamePrefix=prefix).get("QueueUrls", []):
                queue_name = url.rpartition("/")[2]
                yield Listener(account, queue_name, queue_name.removeprefix(prefix), 1, False, True)

    def _bury(self, listener: Listener, body: str) -> None:
        about = self.client(listener.account, "lambda").get_function_configuration(FunctionName=listener.function)
        arn = about.get("DeadLetterConfig", {}).get("TargetArn")
        if arn:
            self.put(listener.account, arn.rpartition(":")[2], [body])

    def credentials(self, role: str, session: str = "flow") -> Mapping[str, str]:
        """Credentials of a role, by its ARN."""
        given: dict[str, str] = self._tokens.assume_role(RoleArn=role, RoleSessionName=session)["Credentials"]
        return given

    @cached_property
    def _tokens(self) -> Any:
        return self._make("sts", {"AccessKeyId": "test", "SecretAccessKey": "test"})

    def _make(self, service: str, given: Mapping[str, str]) -> Any:
        return boto3.client(
            service,
            endpoint_url=self._endpoint,
            region_name=self._region,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given.get("SessionToken"),
            config=Config(proxies={}),
        )


def _batch(messages: Sequence[Mapping[str, Any]], listener: Listener, region: str) -> dict[str, Any]:
    """Messages as https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html shows them."""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message["Attributes"],
                "messageAttributes": {},
                "md5OfBody": message["MD5OfBody"],
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:{region}:{listener.account}:{listener.queue}",
                "awsRegion": region,
            }
            for message in messages
        ]
    }


def _given_back(messages: Sequence[Mapping[str, Any]], run: Run, listener: Listener) -> set[str]:
    """The ids of the messages that are given back. An answer that names an unknown message gives back all of them.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    every = {str(message["MessageId"]) for message in messages}
    if run.error is not None:
        return every
    if not listener.answers or run.result is None:
        return set()
    failed = {str(each.get("itemIdentifier")) for each in run.result.get("batchItemFailures", [])}
    return failed if failed <= every else every
