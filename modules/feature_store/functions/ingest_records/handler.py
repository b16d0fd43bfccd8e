"""Writes the records of one feature group's queue into its stores, each at least once and, short of a crash, once.

A message is one record (`record.accept`). It ends in one of four ways: written; dropped, as it was written before;
refused for ever, put into the dead-letter queue with the rule it broke; or given back to the queue, to be tried again.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from modules.feature_store.functions.ingest_records.claims import Claims
from modules.feature_store.functions.ingest_records.metrics import Tally
from modules.feature_store.functions.ingest_records.record import Group, Record, RefusedError, accept

# The SDK's standard mode waits longer from try to try, at random, on throttling and on faults of the service.
RETRYING = Config(retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=2, read_timeout=5)
# A record is not begun when less is left of the run than one takes that is throttled till the last try.
RESERVE_SECONDS = 20
_log = logging.getLogger(__name__)
_log.setLevel(logging.INFO)


@dataclass(frozen=True, slots=True)
class Ingest:
    """The work on one feature group. `store`, `queues`: clients of the feature store's runtime and of SQS."""

    group: Group
    store: Any
    queues: Any
    dead_letters_url: str
    claims: Claims
    clock: Callable[[], float]
    tell: Callable[[str], object]

    def batch(self, event: Mapping[str, Any], seconds_left: Callable[[], float]) -> dict[str, list[dict[str, str]]]:
        """Work on a batch of SQS; returns the messages to be tried again (partial batch response)."""
        tally, again = Tally(), []
        for message in event["Records"]:
            if seconds_left() < RESERVE_SECONDS or not self._done(message, tally):
                tally.retried += 1
                again.append({"itemIdentifier": message["messageId"]})
        for line in tally.lines(self.group.name, self.clock()):
            self.tell(line)
        return {"batchItemFailures": again}

    def _done(self, message: Mapping[str, Any], tally: Tally) -> bool:
        """Whether the message needs no further try. Faults of AWS are tried again; faults of this code are raised."""
        try:
            return self._settled(message, tally)
        except (ClientError, BotoCoreError) as error:
            # The text of an error of AWS may quote values of the record: its kind alone goes to the log.
            _log.warning("tried again later", extra={"message_id": message["messageId"], "error": _kind(error)})
            return False

    def _settled(self, message: Mapping[str, Any], tally: Tally) -> bool:
        try:
            return self._written(accept(message["body"], self.group, self.clock()), tally)
        except RefusedError as refused:
            self._refuse(message, refused)
            tally.refused[refused.rule] += 1
            return True

    def _written(self, record: Record, tally: Tally) -> bool:
        """Whether the record stands in the stores now; False while another run is at it."""
        claim = f"{self.group.name}#{record.digest}"
        standing = self.claims.claim(claim, int(self.clock()))
        if standing == "written":
            tally.duplicates += 1
        elif standing == "ours":
            self._put(record)
            self.claims.written(claim, int(self.clock()))
            lag = max(0.0, self.clock() - record.event_time)
            tally.written += 1
            tally.fresh += lag <= self.group.freshness_seconds
            tally.lags.append(round(lag, 3))
        return standing != "busy"

    def _put(self, record: Record) -> None:
        values = [
            {"FeatureName": name, "ValueAsStringList" if isinstance(value, list) else "ValueAsString": value}
            for name, value in record.values.items()
        ]
        request: dict[str, Any] = {"FeatureGroupName": self.group.name, "Record": values}
        if record.expired(self.group, self.clock()):
            request["TargetStores"] = ["OfflineStore"]
        elif self.group.online and self.group.ttl_days is not None:
            request["TtlDuration"] = {"Unit": "Days", "Value": self.group.ttl_days}
        try:
            self.store.put_record(**request)
        except ClientError as error:
            if _kind(error) != "ValidationError":
                raise
            raise RefusedError("sagemaker", "SageMaker finds the record invalid") from error

    def _refuse(self, message: Mapping[str, Any], refused: RefusedError) -> None:
        given = {"FeatureGroup": self.group.name, "Rule": refused.rule, "Reason": str(refused)}
        self.queues.send_message(
            QueueUrl=self.dead_letters_url,
            MessageBody=message["body"],
            MessageAttributes={name: {"DataType": "String", "StringValue": text} for name, text in given.items()},
        )
        _log.warning("refused", extra={"message_id": message["messageId"], "rule": refused.rule})


def _kind(error: Exception) -> str:
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else type(error).__name__


@cache
def _ingest() -> Ingest:
    environment = os.environ
    claims = Claims(
        boto3.client("dynamodb", config=RETRYING),
        environment["CLAIMS_TABLE"],
        int(environment["LEASE_SECONDS"]),
        int(environment["REMEMBER_SECONDS"]),
    )
    return Ingest(
        Group.of(Path(__file__).with_name("group.json").read_text(encoding="utf-8")),
        boto3.client("sagemaker-featurestore-runtime", config=RETRYING),
        boto3.client("sqs", config=RETRYING),
        environment["DEAD_LETTERS_URL"],
        claims,
        time.time,
        lambda line: sys.stdout.write(f"{line}\n"),
    )


def handle(event: Mapping[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
    """What Lambda calls with a batch of the queue."""
    return _ingest().batch(event, lambda: context.get_remaining_time_in_millis() / 1000)
