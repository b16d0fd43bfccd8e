"""What Lambda calls with messages of the queue `model-promotions`: events of versions that were approved in dev.

Once a day the message of a schedule comes: then approved versions that have no central copy get the message that was
lost.

A message ends in one of four ways: its version is promoted; there is nothing to do; it is refused, and put into the
dead-letter queue with the rule that it broke; or it is given back to the queue, to be tried again later and later.
"""

from __future__ import annotations

import json
import os
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from modules.ml_operations.functions.promote_model.claims import Claims
from modules.ml_operations.functions.promote_model.errors import BusyError, RefusedError
from modules.ml_operations.functions.promote_model.event import approved, event, is_time
from modules.ml_operations.functions.promote_model.files import Files
from modules.ml_operations.functions.promote_model.images import Images
from modules.ml_operations.functions.promote_model.look import Look
from modules.ml_operations.functions.promote_model.origin import PROJECTS, Account, Origins
from modules.ml_operations.functions.promote_model.promotion import Promotion

# Standard mode waits longer from try to try, at random, on throttling and on faults of the service.
RETRYING = Config(retries={"mode": "standard", "total_max_attempts": 6}, connect_timeout=5, read_timeout=300)
# Seconds until a message is tried again after its first, second ... try: five tries span an hour and a half.
AGAIN = (60, 240, 960, 3600, 3600)
FETCH_SECONDS = 60
_log = Logger(use_rfc3339=True)
_metrics = Metrics()


@dataclass(frozen=True, slots=True)
class Worker:
    """The work on the queue `queue_url` by SQS's client `queues`; what is refused goes to `dead_letters_url`."""

    promotion: Promotion
    look: Look
    queues: Any
    queue_url: str
    dead_letters_url: str

    def batch(self, event: Mapping[str, Any]) -> dict[str, list[dict[str, str]]]:
        """Work on a batch; returns the messages to be tried again (partial batch response)."""
        again = [message for message in event["Records"] if not self._done(message)]
        for message in again:
            tries = int(message["attributes"]["ApproximateReceiveCount"])
            self.queues.change_message_visibility(
                QueueUrl=self.queue_url,
                ReceiptHandle=message["receiptHandle"],
                VisibilityTimeout=AGAIN[min(tries, len(AGAIN)) - 1],
            )
        return {"batchItemFailures": [{"itemIdentifier": message["messageId"]} for message in again]}

    def _done(self, message: Mapping[str, Any]) -> bool:
        """Whether the message needs no further try. Faults of AWS are tried again; faults of this code are raised."""
        try:
            if is_time(message["body"]):
                return self._looked(message)
            version = approved(message["body"])
            if version is None:
                return self._ended("Ignored", message)
            outcome, central = self.promotion.of(version)
            words = {"promoted": "Promoted", "already-promoted": "AlreadyPromoted", "outdated": "Ignored"}
            return self._ended(words[outcome], message, version=version.arn, central=central)
        except RefusedError as refused:
            self._refuse(message, refused)
            return self._ended("Refused", message, rule=refused.rule, reason=str(refused))
        except (BusyError, ClientError, BotoCoreError, OSError, ExceptionGroup) as error:
            self._ended("TriedAgain", message, reason=str(error))
            return False

    def _looked(self, message: Mapping[str, Any]) -> bool:
        for version in self.look.unpromoted():
            self.queues.send_message(QueueUrl=self.queue_url, MessageBody=event(version))
            self._ended("FoundUnpromoted", message, version=version.arn)
        return self._ended("Looked", message)

    def _ended(self, how: str, message: Mapping[str, Any], **more: str | None) -> bool:
        _metrics.add_metric(name=how, unit=MetricUnit.Count, value=1)
        _log.info(how, extra={"message_id": message["messageId"], **more})
        return True

    def _refuse(self, message: Mapping[str, Any], refused: RefusedError) -> None:
        told = {"Rule": refused.rule, "Reason": str(refused)}
        self.queues.send_message(
            QueueUrl=self.dead_letters_url,
            MessageBody=message["body"],
            MessageAttributes={name: {"DataType": "String", "StringValue": text} for name, text in told.items()},
        )


def fetch(url: str, size: int) -> Iterator[bytes]:
    """What lies at a URL that ECR signed, in parts of `size` bytes. Raises OSError when it cannot be had whole."""
    if not url.startswith(("https://", "http://127.0.0.1:")):
        raise OSError(f"a layer is fetched by HTTPS, not from {url.partition('?')[0]}")
    with urllib.request.urlopen(url, timeout=FETCH_SECONDS) as answer:
        while part := answer.read(size):
            yield part


@cache
def _worker() -> Worker:
    told: dict[str, Any] = json.loads(os.environ["PROMOTION"])
    s3, ecr = boto3.client("s3", config=RETRYING), boto3.client("ecr", config=RETRYING)
    models = boto3.client("sagemaker", config=RETRYING)
    origins = Origins({id_: Account(**each) for id_, each in told["accounts"].items()}, told["prefix"])
    promotion = Promotion(
        models=models,
        origins=origins,
        claims=Claims(
            boto3.client("dynamodb", config=RETRYING), told["claims_table"], told["lease_seconds"], time.time
        ),
        files=Files(s3, told["bucket"], told["most_bytes"]),
        images=Images(
            client=ecr,
            fetch=fetch,
            here=told["account"],
            prefix=told["image_prefix"],
            copied=told["registries"],
            trusted=frozenset(told["trusted_registries"]),
            most_bytes=told["most_image_bytes"],
        ),
    )
    projects = json.loads((Path(__file__).parent / PROJECTS).read_text())
    return Worker(
        promotion,
        Look(models, origins, projects, told["sagemaker"]),
        boto3.client("sqs", config=RETRYING),
        os.environ["OWN_QUEUE_URL"],
        os.environ["DEAD_LETTERS_URL"],
    )


@_metrics.log_metrics
def handle(event: Mapping[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
    """What Lambda calls with a batch of the queue."""
    return _worker().batch(event)
