"""Decides what an approval in the central registry comes to, and starts the release of what is to be live.

What Lambda calls for messages of its queue: events of SageMaker on versions of the central registry, which are hints,
and the hourly event of a schedule, on which all models are looked at, so that a lost event costs an hour. What is
raised gives the message back to the queue, and after the last try to the dead-letter queue. All can be repeated.
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

from modules.ml_operations.functions.decide_release.decision import (
    MODELS,
    UNAPPROVED,
    UNDECLARED,
    VARIABLE,
    Model,
    Verdict,
    Version,
    notice,
    token,
    verdict,
)
from modules.ml_operations.functions.decide_release.registry import approved, described, recorded
from modules.ml_operations.releases import Decision, Release, newer_approved

RETRYING = Config(retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=2, read_timeout=20)
logger, metrics = Logger(use_rfc3339=True), Metrics()


@dataclass(frozen=True, slots=True)
class Decider:
    """What decides, with clients of AWS. `models`: name of a declared group -> its model."""

    sagemaker: Any
    codepipeline: Any
    dynamodb: Any
    sns: Any
    models: Mapping[str, Model]
    table: str
    topic: str

    def look_at(self, arn: str) -> int:
        """Decide on one version, by what the registry says of it now. Returns in how many accounts it must not be."""
        group, version = described(self.sagemaker, arn)
        model = self.models.get(group)
        if model is None:
            logger.info("no project declares this model", group=group, version=version.number)
            metrics.add_metric(name=UNDECLARED, unit=MetricUnit.Count, value=1)
            return 0
        releases, decisions = recorded(self.dynamodb, self.table, model.project)
        last = decisions.get(version.number)
        live = [each for each in releases if each.model_package_arn == arn and each.account in model.places]
        newer = newer_approved(approved(self.sagemaker, group), version.number)
        found = verdict(version, model, newer, last, live)
        logger.info(
            "decided", project=model.project, version=version.number, approval=version.approval, verdict=found.value
        )
        metrics.add_metric(name=found.value, unit=MetricUnit.Count, value=1)
        if found is Verdict.RELEASE:
            self._start(version, model)
        elif found is Verdict.LIVE_UNAPPROVED:
            self._tell(version, model, live, last)
            return len(live)
        elif found is Verdict.NOT_APPROVED and last is not None and last.approval != version.approval:
            self._note(Decision(model.project, version.number, version.approval))
        return 0

    def look_at_all(self) -> None:
        """Decide on the newest approved version of every model, and on all that is live.

        A model that fails keeps no other from being looked at. Raises ExceptionGroup with what failed.
        """
        wrong, failed = 0, []
        for group, model in self.models.items():
            try:
                wrong += sum(self.look_at(arn) for arn in self._of_interest(group, model))
            except (BotoCoreError, ClientError) as error:
                error.add_note(group)
                failed.append(error)
        if failed:
            raise ExceptionGroup("models that could not be looked at", failed)
        metrics.add_metric(name=UNAPPROVED, unit=MetricUnit.Count, value=wrong)

    def _of_interest(self, group: str, model: Model) -> list[str]:
        releases, _ = recorded(self.dynamodb, self.table, model.project)
        summaries = sorted(approved(self.sagemaker, group), key=lambda each: int(each["ModelPackageVersion"]))
        newest = [each["ModelPackageArn"] for each in summaries[-1:]]
        return sorted({*newest, *(each.model_package_arn for each in releases if each.account in model.places)})

    def _start(self, version: Version, model: Model) -> None:
        started = self.codepipeline.start_pipeline_execution(
            name=model.pipeline,
            variables=[{"name": VARIABLE, "value": version.arn}],
            clientRequestToken=token(version),
        )
        execution = started["pipelineExecutionId"]
        # After the start: a run that ends in between starts once more, by the same token, which is the same execution.
        self._note(Decision(model.project, version.number, version.approval, execution))
        logger.info("started", pipeline=model.pipeline, execution=execution, arn=version.arn)

    def _tell(self, version: Version, model: Model, live: list[Release], last: Decision | None) -> None:
        """Tell people of each account once."""
        places = tuple(sorted(each.account for each in live))
        if last is not None and last.approval == version.approval and set(places) <= set(last.told):
            return
        subject, text = notice(version, model, live)
        self.sns.publish(TopicArn=self.topic, Subject=subject, Message=text)
        self._note(Decision(model.project, version.number, version.approval, told=places))

    def _note(self, decision: Decision) -> None:
        self.dynamodb.put_item(TableName=self.table, Item=decision.item())


@cache
def _decider() -> Decider:
    declared = json.loads((Path(__file__).parent / MODELS).read_text())
    clients = {name: boto3.client(name, config=RETRYING) for name in ("sagemaker", "codepipeline", "dynamodb", "sns")}
    models = {group: Model(**model) for group, model in declared.items()}
    return Decider(**clients, models=models, table=os.environ["TABLE"], topic=os.environ["TOPIC_ARN"])


def handle(event: Mapping[str, Any], context: object) -> None:
    """What Lambda calls with one message, so that what is raised is of this message. Raises ValueError for others'."""
    try:
        for record in event["Records"]:
            metrics.add_metric(name="Messages", unit=MetricUnit.Count, value=1)
            told = json.loads(record["body"])
            if told["source"] == "aws.sagemaker":
                if wrong := _decider().look_at(told["detail"]["ModelPackageArn"]):
                    metrics.add_metric(name=UNAPPROVED, unit=MetricUnit.Count, value=wrong)
            elif told["source"] == "aws.events":
                _decider().look_at_all()
            else:
                raise ValueError(f"a message of {told['source']}, of which this function knows nothing")
    finally:
        metrics.flush_metrics()
