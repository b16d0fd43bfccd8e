"""A function that visits many accounts by the calendar, each on its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cdktf_cdktf_provider_aws.scheduler_schedule import (
    SchedulerSchedule,
    SchedulerScheduleFlexibleTimeWindow,
    SchedulerScheduleTarget,
    SchedulerScheduleTargetDeadLetterConfig,
    SchedulerScheduleTargetRetryPolicy,
)
from constructs import Construct

from modules.core.assets import Archive
from modules.core.iam import Statement, service
from modules.core.libraries import TELEMETRY
from modules.core.naming import Naming
from modules.core.queue_worker import QueueWorker, Work
from modules.core.role import Role
from modules.cost_reporting.names import external_id
from modules.cost_reporting.visited import Visited, first_message

# Lambda's longest run is for the largest account; 200 accounts of a minute each take 40 minutes of the hour.
WORK = Work(batch=1, concurrency=5, timeout_seconds=900, tries=3)
_FUNCTIONS = Path(__file__).parent / "functions"
_SHARED = [Path(__file__).parent / name for name in ("rounds.py", "studio_apps.py", "visited.py")]
_SCHEDULED = "<aws.scheduler.scheduled-time>"
_RETRIES, _RETRY_SECONDS = 10, 3600


class AccountRounds(Construct):
    """The function `function`, called `what`, which works in each of `accounts` as the role that is named with it.

    `schedule` begins a round, in UTC. `becomes` is what the roles are called; their names differ by environment alone.
    `key_arn` encrypts the schedule, messages and logs. `statements` are what the function needs in its own account.

    Guarantees:
    - each account is a message of its own: one that fails is tried three times and waits in the dead-letter queue,
      while the others are visited;
    - a round that could not begin is tried again for an hour, then it waits there, too;
    - the function may become these roles, of accounts of the organisation, and no others.

    Controls: PLAT-03, PLAT-06, IAM-01, IAM-05 (NIST 800-53 AC-6, AU-5).
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        description: str,
        function: str,
        schedule: str,
        accounts: Sequence[Visited],
        becomes: str,
        organization_id: str,
        key_arn: str,
        boundary_arn: str,
        statements: Sequence[Statement],
        environment: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id_)
        worker = QueueWorker(
            self,
            "worker",
            naming=naming,
            what=what,
            archive=Archive.of_package(_FUNCTIONS / function, also=_SHARED, libraries=TELEMETRY),
            handler=f"modules.cost_reporting.functions.{function}.handler.handle",
            work=WORK,
            key_arn=key_arn,
            boundary_arn=boundary_arn,
            statements=[
                _become(naming, becomes, accounts, organization_id),
                Statement(
                    "SendToOwnQueue", actions=("sqs:SendMessage",), resources=(naming.arn("sqs", naming.name(what)),)
                ),
                *statements,
            ],
            memory_mb=512,
            environment={"EXTERNAL_ID": external_id(naming), "SESSION": what, **environment},
        )
        self.dead_letters = worker.dead_letters_name
        role = self._scheduler(naming, what, worker, key_arn, boundary_arn)
        SchedulerSchedule(
            self,
            "schedule",
            name=naming.name(what),
            description=description,
            schedule_expression=schedule,
            schedule_expression_timezone="UTC",
            flexible_time_window=SchedulerScheduleFlexibleTimeWindow(mode="OFF"),
            kms_key_arn=key_arn,
            target=SchedulerScheduleTarget(
                arn=worker.queue_arn,
                role_arn=role.arn,
                input=first_message(accounts, _SCHEDULED),
                dead_letter_config=SchedulerScheduleTargetDeadLetterConfig(arn=worker.dead_letters_arn),
                retry_policy=SchedulerScheduleTargetRetryPolicy(
                    maximum_retry_attempts=_RETRIES, maximum_event_age_in_seconds=_RETRY_SECONDS
                ),
            ),
            depends_on=[role.whole, *worker.policies],
        )

    def _scheduler(self, naming: Naming, what: str, worker: QueueWorker, key_arn: str, boundary_arn: str) -> Role:
        group = naming.arn("scheduler", "schedule-group/default")
        via = [f"{each}.{naming.region}.amazonaws.com" for each in ("scheduler", "sqs")]
        return Role(
            self,
            "scheduler",
            naming=naming,
            what=f"{what}-scheduler",
            description=f"EventBridge Scheduler begins rounds of {what} as this role",
            trust=[
                Statement(
                    "SchedulesOfThisAccount",
                    actions=("sts:AssumeRole",),
                    principals=service("scheduler.amazonaws.com"),
                    conditions={"StringEquals": {"aws:SourceAccount": naming.account_id, "aws:SourceArn": group}},
                )
            ],
            boundary_arn=boundary_arn,
            statements=[
                Statement(
                    "BeginRounds",
                    actions=("sqs:SendMessage",),
                    resources=(worker.queue_arn, worker.dead_letters_arn),
                ),
                Statement(
                    "UseKey",
                    actions=("kms:Decrypt", "kms:GenerateDataKey"),
                    resources=(key_arn,),
                    conditions={"StringEquals": {"kms:ViaService": via}},
                ),
            ],
        )


def _become(naming: Naming, what: str, accounts: Sequence[Visited], organization_id: str) -> Statement:
    """A role for each environment, whatever the number of accounts: their policies admit this function alone."""
    environments = sorted({each.environment for each in accounts})
    return Statement(
        "BecomeThem",
        actions=("sts:AssumeRole",),
        resources=[
            f"arn:{naming.partition}:iam::*:role/{naming.organization}-{environment}-{what}"
            for environment in environments
        ],
        conditions={"StringEquals": {"aws:ResourceOrgID": organization_id}},
    )
