"""What starts the build of a project: a push to its branch, and the calendar."""

from __future__ import annotations

import json

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import (
    CloudwatchEventTarget,
    CloudwatchEventTargetDeadLetterConfig,
    CloudwatchEventTargetRetryPolicy,
)
from cdktf_cdktf_provider_aws.scheduler_schedule import (
    SchedulerSchedule,
    SchedulerScheduleFlexibleTimeWindow,
    SchedulerScheduleTarget,
    SchedulerScheduleTargetDeadLetterConfig,
    SchedulerScheduleTargetRetryPolicy,
)
from constructs import Construct

from modules.core.dead_letters import DeadLetters
from modules.core.iam import Statement, service
from modules.core.naming import Naming
from modules.core.role import Role
from modules.ml_use_case import names

_RETRIES, _RETRY_SECONDS = 10, 3600
_START = "arn:aws:scheduler:::aws-sdk:codepipeline:startPipelineExecution"


class BuildTriggers(Construct):
    """Starts `pipeline_arn`, the project's build, at each push to `branch` of `repository_arn`, and by `schedule`.

    `repository_arn` is None where the source lies elsewhere: the pipeline's own trigger listens there. By the schedule
    the model learns again on what came in, the whole way, tests and registration included.

    A start that fails is tried again for an hour, then it waits in `dead_letters`, whose messages are under
    `message_key_arn`.

    Guarantees:
    - who triggers may start this pipeline and nothing else, and only for this account;
    - no start is lost without a word: what could not start lies in the queue.

    Controls: IAM-01, PLAT-06 (NIST 800-53 AC-6, AU-5).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        project: str,
        pipeline_arn: str,
        repository_arn: str | None,
        branch: str,
        schedule: str | None,
        boundary_arn: str,
        key_arn: str,
        dead_letters: DeadLetters,
        message_key_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        if repository_arn is None and schedule is None:
            return
        role = Role(
            self,
            "role",
            naming=naming,
            what=names.build_part(project, "start"),
            description=f"Starts the build of {project}",
            trust=[
                Statement(
                    "TriggersOfThisAccount",
                    actions=("sts:AssumeRole",),
                    principals=service("events.amazonaws.com", "scheduler.amazonaws.com"),
                    conditions={"StringEquals": {"aws:SourceAccount": naming.account_id}},
                )
            ],
            boundary_arn=boundary_arn,
            statements=[
                Statement("Start", actions=("codepipeline:StartPipelineExecution",), resources=(pipeline_arn,)),
                *_schedules(naming, key_arn, schedule, dead_letters.arn, message_key_arn),
            ],
        )
        if repository_arn is not None:
            self._pushed(naming, project, pipeline_arn, repository_arn, branch, role, dead_letters)
        if schedule is not None:
            SchedulerSchedule(
                self,
                "schedule",
                name=naming.name(project),
                description=f"Builds {project} again on what came in",
                schedule_expression=schedule,
                schedule_expression_timezone="UTC",
                flexible_time_window=SchedulerScheduleFlexibleTimeWindow(mode="OFF"),
                kms_key_arn=key_arn,
                target=SchedulerScheduleTarget(
                    arn=_START.replace("arn:aws:", f"arn:{naming.partition}:", 1),
                    role_arn=role.arn,
                    input=json.dumps({"Name": names.pipeline(naming, project)}),
                    dead_letter_config=SchedulerScheduleTargetDeadLetterConfig(arn=dead_letters.arn),
                    retry_policy=SchedulerScheduleTargetRetryPolicy(
                        maximum_retry_attempts=_RETRIES, maximum_event_age_in_seconds=_RETRY_SECONDS
                    ),
                ),
                depends_on=[role.whole],
            )

    def _pushed(
        self,
        naming: Naming,
        project: str,
        pipeline_arn: str,
        repository_arn: str,
        branch: str,
        role: Role,
        dead_letters: DeadLetters,
    ) -> None:
        rule = CloudwatchEventRule(
            self,
            "pushed",
            name=naming.name(names.build_part(project, "pushed")),
            description=f"The branch {branch} of {project} has new commits",
            event_pattern=json.dumps(
                {
                    "source": ["aws.codecommit"],
                    "detail-type": ["CodeCommit Repository State Change"],
                    "resources": [repository_arn],
                    "detail": {
                        "event": ["referenceCreated", "referenceUpdated"],
                        "referenceType": ["branch"],
                        "referenceName": [branch],
                    },
                }
            ),
        )
        CloudwatchEventTarget(
            self,
            "build",
            rule=rule.name,
            target_id="pipeline",
            arn=pipeline_arn,
            role_arn=role.arn,
            dead_letter_config=CloudwatchEventTargetDeadLetterConfig(arn=dead_letters.arn),
            retry_policy=CloudwatchEventTargetRetryPolicy(
                maximum_retry_attempts=_RETRIES, maximum_event_age_in_seconds=_RETRY_SECONDS
            ),
            depends_on=[dead_letters.policy, role.whole],
        )


def _schedules(
    naming: Naming, key_arn: str, schedule: str | None, dead_letters_arn: str, message_key_arn: str
) -> list[Statement]:
    """The schedule's input is encrypted; Scheduler reads it, and sends dead letters, as this role."""
    if schedule is None:
        return []
    return [
        Statement(
            "ReadSchedule",
            actions=("kms:Decrypt",),
            resources=(key_arn,),
            conditions={"StringEquals": {"kms:ViaService": f"scheduler.{naming.region}.amazonaws.com"}},
        ),
        Statement("SendDeadLetters", actions=("sqs:SendMessage",), resources=(dead_letters_arn,)),
        Statement(
            "EncryptDeadLetters",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            resources=(message_key_arn,),
            conditions={"StringEquals": {"kms:ViaService": f"sqs.{naming.region}.amazonaws.com"}},
        ),
    ]
