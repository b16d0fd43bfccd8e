"""What follows drift of a model that stays: it learns again, or the version before is released."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import Construct

from modules.core.dead_letter_alarm import DeadLetterAlarm
from modules.core.event_trigger import EventTrigger
from modules.core.handshake import Edge
from modules.core.iam import Statement, only_events
from modules.core.naming import ALARM_LIMIT, Naming
from modules.core.state_machine import StateMachine
from modules.core.topic import ALARMS, Topic
from modules.core.wiring import holder
from modules.foundations.contract import BaselineContract
from modules.ml_operations import names
from modules.ml_operations.drift_answer_machine import RETRAIN_DETAIL_TYPE, RETRAIN_SOURCE, drift_answer_machine
from modules.ml_operations.drift_machine import DETAIL_TYPE, SOURCE
from modules.ml_operations.release_record import reads

_KEEP_LOGS_DAYS = 365
_READ = ("dynamodb:GetItem",)


class DriftAnswer(Construct):
    """Works on drift of the project's model that the account `account` reports, as `drift_answer_machine` says.

    `account` is the production account's name, `account_id` its id. `bus` is the central bus of this account by its
    name behind `<organisation>-<environment>-`, `models` what matches the project's versions in the central registry.
    `retrain_bus_arn` is the bus in dev, None for a project that is built no more; `retrains` is the way there, None
    within one account. `owner` is asked before a rollback, and hears of answers that failed.

    Guarantees:
    - only that account's reports, and of this project alone, have an answer;
    - production changes nothing in dev: one message, of one kind, starts the project's build there;
    - nothing goes back to a version that is approved no more, and nothing into production but through the pipeline,
      where people approve.

    Controls: CICD-01, IAM-01, PLAT-03 (NIST 800-53 AC-4, AC-5, CM-3, IR-4).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        project: str,
        account: str,
        account_id: str,
        bus: str,
        models: str,
        retrain_bus_arn: str | None,
        retrains: Edge | None,
        owner: str,
        keys: BaselineContract,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        what, messages = names.drift_answer(project), keys.key_arns["messages"]
        failed = naming.name(f"{what}-failed", limit=ALARM_LIMIT)
        unstarted = naming.name(f"{what}-dead-letters", limit=ALARM_LIMIT)
        topic = Topic(
            self,
            "topic",
            naming=naming,
            what=what,
            key_arn=messages,
            publishers={ALARMS: [naming.arn("cloudwatch", f"alarm:{name}") for name in (unstarted, failed)]},
            email=owner,
        )
        pipeline = names.pipeline(naming, project)
        machine = StateMachine(
            self,
            "machine",
            naming=naming,
            what=what,
            description=f"What follows drift of {project}",
            definition=drift_answer_machine(
                partition=naming.partition,
                project=project,
                account=account,
                table=naming.name(names.RELEASES),
                pipeline=pipeline,
                topic_arn=topic.arn,
                retrain_bus_arn=retrain_bus_arn,
            ),
            statements=[
                *reads(naming, _READ),
                Statement("SeeVersions", actions=("sagemaker:DescribeModelPackage",), resources=(models,)),
                Statement(
                    "Release",
                    actions=("codepipeline:StartPipelineExecution",),
                    resources=(naming.arn("codepipeline", pipeline),),
                ),
                Statement("AskOwner", actions=("sns:Publish",), resources=(topic.arn,)),
                Statement(
                    "UseMessageKey",
                    actions=("kms:Decrypt", "kms:GenerateDataKey"),
                    resources=(messages,),
                    conditions={"StringEquals": {"kms:ViaService": f"sns.{naming.region}.amazonaws.com"}},
                ),
                *_retrains(retrain_bus_arn),
            ],
            key_arn=keys.key_arns["account-logs"],
            boundary_arn=boundary_arn,
            retention_days=_KEEP_LOGS_DAYS,
            alarm=failed,
            topic_arn=topic.arn,
        )
        if retrains is not None:
            retrains.render(holder(self), "answer")
        trigger = EventTrigger(
            self,
            "trigger",
            naming=naming,
            what=f"{what}--start",
            description=f"Drift of {project} that stays",
            pattern={
                "account": [account_id],
                "source": [SOURCE],
                "detail-type": [DETAIL_TYPE],
                "detail": {"project": [project]},
            },
            bus=bus,
            target_arn=machine.arn,
            starts="states:StartExecution",
            key_arn=messages,
            boundary_arn=boundary_arn,
        )
        DeadLetterAlarm(
            self,
            "unstarted",
            naming=naming,
            what=what,
            queue=trigger.dead_letters,
            topic_arn=topic.arn,
            after=[topic.policy],
        )


def _retrains(bus_arn: str | None) -> Sequence[Statement]:
    if bus_arn is None:
        return ()
    return (
        Statement(
            "Retrain",
            actions=("events:PutEvents",),
            resources=(bus_arn,),
            conditions=only_events((RETRAIN_SOURCE,), (RETRAIN_DETAIL_TYPE,)),
        ),
    )
