"""What waits in dead-letter queues, and bringing it back to where it failed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from modules.core.errors import MlgovError

# As SQS's query protocol says it, and its JSON protocol.
_NO_QUEUE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
SUFFIX = "-dead-letters"
# Calls SQS with a client of one account: the name of the account -> the client.
Clients = Mapping[str, Any]


class RedriveError(MlgovError):
    """What was asked for cannot be brought back; the message says why."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class DeadLetterQueue:
    """A dead-letter queue that is there, with how many messages wait in it, and the queues that these came from.

    Without `sources` its messages are no queue's: events that a rule or a function could not take.
    """

    account: str
    name: str
    arn: str
    waiting: int
    sources: tuple[str, ...]


def declared(documents: Iterable[Mapping[str, Any]]) -> set[str]:
    """The names of the dead-letter queues in these documents of stacks."""
    queues = (queue for each in documents for queue in each.get("resource", {}).get("aws_sqs_queue", {}).values())
    return {str(queue["name"]) for queue in queues if str(queue["name"]).endswith(SUFFIX)}


def found(clients: Clients, names: Mapping[str, Iterable[str]]) -> Iterator[DeadLetterQueue]:
    """Those of the queues `names`, by account, that are there, by account and name.

    Raises ClientError when an account does not answer.
    """
    for account in sorted(clients):
        client = clients[account]
        for name in sorted(names[account]):
            try:
                url = client.get_queue_url(QueueName=name)["QueueUrl"]
            except ClientError as error:
                if error.response["Error"]["Code"] not in _NO_QUEUE:
                    raise
                continue  # not applied yet
            told = client.get_queue_attributes(
                QueueUrl=url, AttributeNames=["QueueArn", "ApproximateNumberOfMessages"]
            )["Attributes"]
            pages = client.get_paginator("list_dead_letter_source_queues").paginate(QueueUrl=url)
            sources = tuple(sorted(source.rpartition("/")[2] for page in pages for source in page["queueUrls"]))
            yield DeadLetterQueue(account, name, told["QueueArn"], int(told["ApproximateNumberOfMessages"]), sources)


def redrive(clients: Clients, queue: DeadLetterQueue, per_second: int) -> None:
    """Have SQS move what waits in the queue back to where it came from, so many messages a second.

    SQS goes on by itself. Raises RedriveError when the messages came from no queue, when there are none, or when SQS
    refuses, such as when it is at it already.
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
    """
    if not queue.sources:
        raise RedriveError(
            f"{queue.name}: what waits there came from no queue, and cannot go back: replay it from the archive of the "
            "event bus, or start what it was for by hand"
        )
    if not queue.waiting:
        raise RedriveError(f"{queue.name}: nothing waits there")
    try:
        clients[queue.account].start_message_move_task(SourceArn=queue.arn, MaxNumberOfMessagesPerSecond=per_second)
    except ClientError as error:
        raise RedriveError(f"{queue.name}: SQS does not move its messages: {error}") from error


def clients(
    region: str, accounts: Iterable[str], role: str | None, environment: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """A client of SQS for each of the `accounts`, by name, as `role` there; all as the caller where that is None.

    `environment` is that of an emulator; without it, what the user's own environment says. Raises RedriveError for an
    account that the organisation does not have.
    """
    make = _maker(region, environment)
    if role is None:
        return dict.fromkeys(accounts, make("sqs", {}))
    pages = make("organizations", {}).get_paginator("list_accounts").paginate()
    ids = {account["Name"]: account["Id"] for page in pages for account in page["Accounts"]}
    if missing := sorted(set(accounts) - ids.keys()):
        raise RedriveError(f"the organisation has no account {', '.join(missing)}: it is not made yet")
    return {name: make("sqs", _assumed(make, ids[name], role)) for name in accounts}


def _assumed(make: Callable[[str, Mapping[str, str]], Any], account_id: str, role: str) -> Mapping[str, str]:
    tokens = make("sts", {})
    caller = tokens.get_caller_identity()
    if caller["Account"] == account_id:
        return {}
    partition = caller["Arn"].split(":")[1]
    keys: Mapping[str, str] = tokens.assume_role(
        RoleArn=f"arn:{partition}:iam::{account_id}:role/{role}", RoleSessionName="mlgov-redrive"
    )["Credentials"]
    return keys


def _maker(region: str, environment: Mapping[str, str] | None) -> Callable[[str, Mapping[str, str]], Any]:
    emulated = {"endpoint_url": environment["AWS_ENDPOINT_URL"], "config": Config(proxies={})} if environment else {}
    own = (
        {"AccessKeyId": environment["AWS_ACCESS_KEY_ID"], "SecretAccessKey": environment["AWS_SECRET_ACCESS_KEY"]}
        if environment
        else {}
    )

    def make(service: str, keys: Mapping[str, str]) -> Any:
        used = keys or own
        return boto3.client(
            service,
            region_name=region,
            aws_access_key_id=used.get("AccessKeyId"),
            aws_secret_access_key=used.get("SecretAccessKey"),
            aws_session_token=used.get("SessionToken"),
            **emulated,
        )

    return make
