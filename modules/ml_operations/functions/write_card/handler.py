"""Keeps the cards of registered models true: what a version is, how good, who decided on it, and what came of it.

What Lambda calls for messages of its queue: events of SageMaker on versions of the central registry, which are hints,
and the daily event of a schedule, on which the newest version of every model is looked at. What is raised gives the
message back to the queue, and after the last try to the dead-letter queue. A card that says already what it should is
not written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from modules.ml_operations.cards import CardVersion, describing, newest
from modules.ml_operations.functions.write_card.content import APPROVED, ARCHIVED, status, with_version
from modules.ml_operations.functions.write_card.evidence import SOURCES, Source, details
from modules.ml_operations.functions.write_card.models import INCOMPLETE, MODELS, WRITTEN, Model

RETRYING = Config(retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=2, read_timeout=20)
LONGEST_REPORT = 20_000_000  # bytes
logger, metrics = Logger(use_rfc3339=True), Metrics()


@dataclass(frozen=True, slots=True)
class CardWriter:
    """What writes cards, with clients of AWS. `models`: name of a declared group -> its model. `exports`: a URI.

    Below it each card has a folder.
    """

    sagemaker: Any
    s3: Any
    models: Mapping[str, Model]
    exports: str

    def describe(self, arn: str) -> None:
        """Let the card of its project describe the version, as the registry has it now."""
        package = self.sagemaker.describe_model_package(ModelPackageName=arn)
        card = package["ModelPackageGroupName"]  # a card is called as its group is
        model = self.models.get(card)
        if model is None:
            logger.info("no project declares this model", group=card, version=package["ModelPackageVersion"])
            return
        evaluations, missing = self._evidence(package, model)
        if missing:
            logger.warning("evidence is missing", group=card, version=package["ModelPackageVersion"], missing=missing)
            metrics.add_metric(name=INCOMPLETE, unit=MetricUnit.Count, value=1)
        wanted = status(package["ModelApprovalStatus"], missing, ended=model.ended)
        written = describing(self.sagemaker, card, arn)
        if written is not None and written.status == wanted:
            content = with_version(written.content, package, evaluations, missing)
            if content == written.content:
                self._export(card, written)
                return
        latest = newest(self.sagemaker, card)
        content = with_version(latest.content, package, evaluations, missing)
        if content != latest.content:
            self.sagemaker.update_model_card(ModelCardName=card, Content=json.dumps(content, sort_keys=True))
        # Apart: SageMaker takes content or status in one call. What fails in between is done by the next.
        self.sagemaker.update_model_card(ModelCardName=card, ModelCardStatus=wanted)
        metrics.add_metric(name=WRITTEN, unit=MetricUnit.Count, value=1)
        logger.info("written", card=card, version=package["ModelPackageVersion"], status=wanted)
        self._export(card, newest(self.sagemaker, card))

    def describe_all(self) -> None:
        """Describe the newest version of every model. Raises ExceptionGroup with what failed, after all else."""
        failed = []
        for group, model in self.models.items():
            try:
                self._newest(group, model)
            except (BotoCoreError, ClientError) as error:
                error.add_note(group)
                failed.append(error)
        if failed:
            raise ExceptionGroup("cards that could not be written", failed)

    def _newest(self, group: str, model: Model) -> None:
        pages = self.sagemaker.get_paginator("list_model_packages").paginate(ModelPackageGroupName=group)
        summaries = [each for page in pages for each in page["ModelPackageSummaryList"]]
        if summaries:
            self.describe(max(summaries, key=lambda each: int(each["ModelPackageVersion"]))["ModelPackageArn"])
        elif model.ended and newest(self.sagemaker, group).status != ARCHIVED:
            self.sagemaker.update_model_card(ModelCardName=group, ModelCardStatus=ARCHIVED)

    def _evidence(self, package: Mapping[str, Any], model: Model) -> tuple[list[dict[str, Any]], list[str]]:
        """What the version's reports say, and the names of those that are missing or say nothing."""
        told, missing = [], []
        for source in SOURCES:
            if (uri := source.uri(package)) and (found := self._report(source, uri)):
                told.append(found)
            elif model.facets or not source.of_bias:
                missing.append(source.name)
        return told, missing

    def _report(self, source: Source, uri: str) -> dict[str, Any] | None:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        try:
            body = self.s3.get_object(Bucket=bucket, Key=key)["Body"].read(LONGEST_REPORT)
            return details(source, uri, json.loads(body))
        except self.s3.exceptions.NoSuchKey:
            logger.warning("a report is not where the version says", uri=uri)
        except (ValueError, KeyError, TypeError, AttributeError):
            logger.exception("a report cannot be read", uri=uri)
        return None

    def _export(self, card: str, version: CardVersion) -> None:
        """Export an approved card, once: as a document for people who have no access to SageMaker."""
        if version.status != APPROVED:
            return
        pages = self.sagemaker.get_paginator("list_model_card_export_jobs").paginate(
            ModelCardName=card, ModelCardVersion=version.number
        )
        jobs = [job for page in pages for job in page["ModelCardExportJobSummaries"]]
        if all(job["Status"] == "Failed" for job in jobs):
            self.sagemaker.create_model_card_export_job(
                ModelCardName=card,
                ModelCardVersion=version.number,
                ModelCardExportJobName=f"version-{version.number}-{len(jobs) + 1}",
                OutputConfig={"S3OutputPath": f"{self.exports}{card}/"},
            )


@cache
def _writer() -> CardWriter:
    declared = json.loads((Path(__file__).parent / MODELS).read_text())
    models = {group: Model(**model) for group, model in declared.items()}
    sagemaker, s3 = boto3.client("sagemaker", config=RETRYING), boto3.client("s3", config=RETRYING)
    return CardWriter(sagemaker, s3, models, os.environ["EXPORTS"])


def handle(event: Mapping[str, Any], context: object) -> None:
    """What Lambda calls with one message, so that what is raised is of this message. Raises ValueError for others'."""
    try:
        for record in event["Records"]:
            metrics.add_metric(name="Messages", unit=MetricUnit.Count, value=1)
            told = json.loads(record["body"])
            if told["source"] == "aws.sagemaker":
                _writer().describe(told["detail"]["ModelPackageArn"])
            elif told["source"] == "aws.events":
                _writer().describe_all()
            else:
                raise ValueError(f"a message of {told['source']}, of which this function knows nothing")
    finally:
        metrics.flush_metrics()
