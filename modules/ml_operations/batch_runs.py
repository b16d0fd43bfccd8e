"""Batches that a served version answers by the calendar."""

from __future__ import annotations

import json

from cdktf_cdktf_provider_aws.sagemaker_pipeline import SagemakerPipeline
from cdktf_cdktf_provider_aws.scheduler_schedule import (
    SchedulerSchedule,
    SchedulerScheduleFlexibleTimeWindow,
    SchedulerScheduleTarget,
    SchedulerScheduleTargetDeadLetterConfig,
    SchedulerScheduleTargetRetryPolicy,
)
from constructs import Construct

from modules.core.naming import QUEUE_LIMIT, Naming
from modules.ml_operations import names
from modules.ml_operations.batch_definition import batch_definition
from modules.ml_operations.model_version import ModelVersion, one
from modules.ml_operations.serving_settings import ServedAs

_START = "aws-sdk:sagemaker:startPipelineExecution"
# By it a start that is tried again is the same start: 32 characters at least, of which the time has 20.
_WHEN = "<aws.scheduler.scheduled-time>"
_RETRIES, _RETRY_SECONDS = 10, 3600


class BatchRuns(Construct):
    """A pipeline of SageMaker called `names.endpoint`, one transform job with the version's model, and its calendar.

    `role_arn` is that of the team's jobs, `key_arn` encrypts what jobs store, and the schedule, which
    works as the role `names.starter`. `team` is the tag by which the team's roles know its jobs.

    Guarantees:
    - a run is there once for each time of the calendar, tried again for an hour; what could not start waits in a queue;
    - answers of each run lie apart, under the key, and so does what monitors read of it.

    Controls: SM-22, SM-23, PLAT-06 (NIST 800-53 SC-28, AU-5).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        project: str,
        team: str,
        settings: ServedAs,
        version: ModelVersion,
        model_name: str,
        role_arn: str,
        key_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        name = names.endpoint(naming, project)
        tags = {"Team": team, "Project": project}
        pipeline = SagemakerPipeline(
            self,
            "pipeline",
            pipeline_name=name,
            pipeline_display_name=name,
            pipeline_description=f"Answers what lies below {names.INPUT} with the released version of {project}",
            role_arn=role_arn,
            pipeline_definition=batch_definition(
                naming, project, settings, model_name=model_name, key_arn=key_arn, tags=tags
            ),
            tags={**version.tags, **tags},
            count=version.count(),
        )
        queue = naming.name(f"{names.unstarted(project)}-dead-letters", limit=QUEUE_LIMIT)
        SchedulerSchedule(
            self,
            "calendar",
            name=name,
            description=f"Starts batches of {project}",
            schedule_expression=settings.batch.schedule,
            schedule_expression_timezone="UTC",
            flexible_time_window=SchedulerScheduleFlexibleTimeWindow(mode="OFF"),
            kms_key_arn=key_arn,
            target=SchedulerScheduleTarget(
                arn=f"arn:{naming.partition}:scheduler:::{_START}",
                role_arn=naming.role_arn(names.starter(project)),
                # By reference: the calendar waits for the pipeline.
                input=json.dumps(
                    {"PipelineName": one(pipeline, "pipeline_name"), "ClientRequestToken": f"{name}-{_WHEN}"}
                ),
                dead_letter_config=SchedulerScheduleTargetDeadLetterConfig(arn=naming.arn("sqs", queue)),
                retry_policy=SchedulerScheduleTargetRetryPolicy(
                    maximum_retry_attempts=_RETRIES, maximum_event_age_in_seconds=_RETRY_SECONDS
                ),
            ),
            count=version.count(),
        )
