"""Splits a file of records, dropped below `incoming/<group>/`, into the messages of the group's queue.

A run that has no time left sends where it stopped to its own queue, and the next one reads on from there. A run that
dies begins again where it began: what it had sent is sent twice, and written once (`functions/ingest_records`).
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote_plus

import boto3
from botocore.config import Config

from modules.feature_store.functions.split_file.lines import FileError, Lines, Taken, csv_rows, header, json_lines

RETRYING = Config(retries={"mode": "standard", "total_max_attempts": 6})
RESERVE_SECONDS = 60
CHUNK_BYTES = 256 * 1024
# What SQS takes in one request.
BATCH_MESSAGES, BATCH_BYTES = 10, 256 * 1024
TRIES = 5
_FORMATS = ("jsonl", "csv")
_log = logging.getLogger(__name__)
_log.setLevel(logging.INFO)


@dataclass(frozen=True, slots=True)
class Part:
    """What is left of a file: this version of it, from the byte `start` on."""

    bucket: str
    key: str
    version: str
    start: int = 0

    @classmethod
    def of(cls, body: str) -> Part:
        """From an event of S3 about a new object, or from where an earlier run stopped."""
        message: dict[str, Any] = json.loads(body)
        if "detail" not in message:
            return cls(**message)
        bucket, found = message["detail"]["bucket"]["name"], message["detail"]["object"]
        return cls(bucket, unquote_plus(found["key"]), found["version-id"])

    def destination(self) -> tuple[str, str]:
        """The feature group and the format. Raises FileError for a file that is for no group, or in no known format."""
        match self.key.split("/"):
            case ["incoming", group, *_, name] if (kind := name.rpartition(".")[2]) in _FORMATS:
                return group, kind
        raise FileError(f"{self.key} is not incoming/<group>/<name> ending in {' or '.join(_FORMATS)}")


@dataclass(frozen=True, slots=True)
class Split:
    """The work on files. `queue_name` is the name of a group's queue, with {} for the group."""

    objects: Any
    queues: Any
    queue_name: str
    own_queue_url: str
    pause: Callable[[float], object]

    def part(self, part: Part, seconds_left: Callable[[], float]) -> int:
        """Send what is left of a file, or as much as there is time for. Returns how many records were sent."""
        group, kind = part.destination()
        url = self.queues.get_queue_url(QueueName=self.queue_name.format(group))["QueueUrl"]
        sent = 0
        for batch in _batches(self._records(part, kind)):
            self._send(url, batch)
            sent += len(batch)
            if seconds_left() < RESERVE_SECONDS:
                rest = Part(part.bucket, part.key, part.version, batch[-1].next_byte)
                self.queues.send_message(QueueUrl=self.own_queue_url, MessageBody=json.dumps(asdict(rest)))
                break
        return sent

    def _records(self, part: Part, kind: str) -> Iterator[Taken]:
        if kind == "jsonl":
            yield from json_lines(self._lines(part, part.start))
            return
        lines = self._lines(part, 0)
        names = header(lines)
        yield from csv_rows(self._lines(part, part.start) if part.start else lines, names)

    def _lines(self, part: Part, start: int) -> Lines:
        size = self.objects.head_object(Bucket=part.bucket, Key=part.key, VersionId=part.version)["ContentLength"]
        if start >= size:
            return Lines((), start)
        found = self.objects.get_object(
            Bucket=part.bucket, Key=part.key, VersionId=part.version, Range=f"bytes={start}-"
        )
        return Lines(found["Body"].iter_chunks(CHUNK_BYTES), start)

    def _send(self, url: str, batch: Sequence[Taken]) -> None:
        """Send all of the batch: SQS may take a part of it and refuse the rest. Raises RuntimeError when it goes on."""
        left = [{"Id": str(number), "MessageBody": taken.body} for number, taken in enumerate(batch)]
        for attempt in range(TRIES):
            failed = {
                each["Id"] for each in self.queues.send_message_batch(QueueUrl=url, Entries=left).get("Failed", ())
            }
            left = [each for each in left if each["Id"] in failed]
            if not left:
                return
            self.pause(0.2 * 2**attempt)
        raise RuntimeError(f"SQS refused {len(left)} of {len(batch)} messages {TRIES} times")


def _batches(records: Iterable[Taken]) -> Iterator[list[Taken]]:
    batch: list[Taken] = []
    size = 0
    for record in records:
        length = len(record.body.encode())
        if batch and (len(batch) == BATCH_MESSAGES or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(record)
        size += length
    if batch:
        yield batch


@cache
def _split() -> Split:
    return Split(
        boto3.client("s3", config=RETRYING),
        boto3.client("sqs", config=RETRYING),
        os.environ["QUEUE_NAME"],
        os.environ["OWN_QUEUE_URL"],
        time.sleep,
    )


def handle(event: Mapping[str, Any], context: Any) -> None:
    """What Lambda calls with one message of the queue of files. What is raised gives the file back to the queue."""
    for message in event["Records"]:
        part = Part.of(message["body"])
        sent = _split().part(part, lambda: context.get_remaining_time_in_millis() / 1000)
        _log.info("sent", extra={"key": part.key, "from_byte": part.start, "records": sent})
