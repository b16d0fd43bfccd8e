"""Brings a feature group to the schema in `schemas/<group>.json`: adds features, describes them, removes nothing ever.

Terraform cannot: any change of a group's features would replace the group, with all its records. SageMaker adds in the
background; until it has, the message goes back to its queue, and the next run looks again.
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateFeatureGroup.html
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote_plus, unquote_plus

import boto3
from botocore.config import Config

from modules.feature_store.functions.evolve_group.schema import Feature, additions, told

RETRYING = Config(retries={"mode": "standard", "total_max_attempts": 8})
ADDED_AT_ONCE = 100  # what UpdateFeatureGroup takes
PREFIX = "schemas/"
_KEY = re.compile(r"schemas/[a-z0-9-]+\.json")
_log = logging.getLogger(__name__)
_log.setLevel(logging.INFO)


class NotYetError(Exception):
    """SageMaker is still at work on the group: look again later."""


class FailedError(Exception):
    """SageMaker could not make or change the group, or the message is about no schema: a person must look."""


@dataclass(frozen=True, slots=True)
class Evolve:
    """The work on schemas. `store`, `queues`: clients of SageMaker and SQS."""

    objects: Any
    store: Any
    queues: Any
    own_queue_url: str

    def message(self, body: str) -> None:
        """Work on an event of S3 about one schema; one about the prefix becomes a message for each schema below it."""
        detail = json.loads(body)["detail"]
        bucket, key = detail["bucket"]["name"], unquote_plus(detail["object"]["key"])
        if key != PREFIX:
            self.schema(bucket, key)
            return
        for page in self.objects.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREFIX):
            for found in page.get("Contents", ()):
                one = {"detail": {"bucket": {"name": bucket}, "object": {"key": quote_plus(found["Key"])}}}
                self.queues.send_message(QueueUrl=self.own_queue_url, MessageBody=json.dumps(one))

    def schema(self, bucket: str, key: str) -> None:
        """Bring the group to its schema as it is now, whichever version the event was about.

        Raises BreakingError, NotYetError and FailedError.
        """
        if not _KEY.fullmatch(key):
            raise FailedError(f"{key} is not schemas/<group>.json")
        wanted = json.loads(self.objects.get_object(Bucket=bucket, Key=key)["Body"].read())
        name = wanted["feature_group"]
        group, definitions = self._group(name)
        _ready(name, group)
        lacking = additions(wanted, group, definitions)
        if lacking:
            self._add(name, lacking[:ADDED_AT_ONCE])
            raise NotYetError(f"{name}: {len(lacking)} features are being added")
        for feature in wanted["features"]:
            self._describe(name, feature)

    def _group(self, name: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        group = self.store.describe_feature_group(FeatureGroupName=name)
        definitions, page = list(group["FeatureDefinitions"]), group
        while token := page.get("NextToken"):
            page = self.store.describe_feature_group(FeatureGroupName=name, NextToken=token)
            definitions += page["FeatureDefinitions"]
        return group, definitions

    def _add(self, name: str, features: list[Feature]) -> None:
        self.store.update_feature_group(
            FeatureGroupName=name, FeatureAdditions=[feature.definition() for feature in features]
        )
        _log.info("added", extra={"group": name, "features": [feature.name for feature in features]})

    def _describe(self, name: str, feature: Mapping[str, Any]) -> None:
        known = self.store.describe_feature_metadata(FeatureGroupName=name, FeatureName=feature["name"])
        if update := told(feature, known):
            self.store.update_feature_metadata(FeatureGroupName=name, FeatureName=feature["name"], **update)
            _log.info("described", extra={"group": name, "feature": feature["name"]})


def _ready(name: str, group: Mapping[str, Any]) -> None:
    status, last = group["FeatureGroupStatus"], group.get("LastUpdateStatus", {})
    if status == "Creating" or last.get("Status") == "InProgress":
        raise NotYetError(f"{name} is {status}, its last update {last.get('Status', 'none')}")
    if status != "Created":
        raise FailedError(f"{name} is {status}: {group.get('FailureReason', 'no reason given')}")
    if last.get("Status") == "Failed":
        # The next addition may well succeed: it is tried, and the failure is told.
        _log.error("the last update failed", extra={"group": name, "reason": last.get("FailureReason")})


@cache
def _evolve() -> Evolve:
    return Evolve(
        boto3.client("s3", config=RETRYING),
        boto3.client("sagemaker", config=RETRYING),
        boto3.client("sqs", config=RETRYING),
        os.environ["OWN_QUEUE_URL"],
    )


def handle(event: Mapping[str, Any], context: Any) -> None:
    """What Lambda calls with one message of the queue of schemas. What is raised gives it back to the queue."""
    for message in event["Records"]:
        _evolve().message(message["body"])
