"""What a served model needs in one account, whatever its version is."""

from __future__ import annotations

from constructs import Construct

from modules.core.log_group import LogGroup
from modules.core.naming import ALARM_LIMIT, Naming
from modules.core.topic import ALARMS, EVENTS, Topic
from modules.foundations.contract import BaselineContract
from modules.ml_operations import names
from modules.ml_operations.batch_notices import BatchNotices
from modules.ml_operations.endpoint_alarms import EndpointAlarms
from modules.ml_operations.serving_settings import ServedAs
from modules.ml_operations.serving_store import ServingStore
from modules.ml_operations.version_parameter import VersionParameter

_KEEP_LOGS_DAYS = 365


class Operations(Construct):
    """The bucket, the version parameter, the topic of the model's `owner` (an e-mail), alarms or notices of batches.

    `checked`: the endpoint is asked by the calendar (`EndpointCheck`). `topic` takes what rules and alarms called
    `<organisation>-<environment>-serving--<project>-...` tell.

    Guarantees:
    - all of it is there before a version is served, and stays when none is;
    - what the endpoint prints is kept for a year, under the account's key for logs;
    - who asks an asynchronous endpoint may subscribe to its answers; its failures are told to the owner.

    Controls: SM-36, SM-41, PLAT-03 (NIST 800-53 AU-6, SI-4).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: ServedAs,
        project: str,
        owner: str,
        checked: bool,
        keys: BaselineContract,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        messages = keys.key_arns["messages"]
        ServingStore(self, "store", naming=naming, project=project, key_arn=keys.key_arns["endpoint"])
        VersionParameter(self, "version", naming=naming, project=project)
        called = naming.name(f"{names.topic(project)}-x", limit=ALARM_LIMIT).removesuffix("x")
        self.topic = Topic(
            self,
            "topic",
            naming=naming,
            what=names.topic(project),
            key_arn=messages,
            publishers={
                ALARMS: [naming.arn("cloudwatch", f"alarm:{called}*")],
                EVENTS: [naming.arn("events", f"rule/{called}*")],
            },
            email=owner,
        )
        if not settings.has_endpoint:
            BatchNotices(
                self, "batches", naming=naming, project=project, keys=keys, topic=self.topic, boundary_arn=boundary_arn
            )
            return
        # SageMaker makes it when the endpoint first prints, without end and without our key, where it is not there yet.
        LogGroup(
            self,
            "logs",
            name=f"/aws/sagemaker/Endpoints/{names.endpoint(naming, project)}",
            key_arn=keys.key_arns["account-logs"],
            retention_days=_KEEP_LOGS_DAYS,
        )
        EndpointAlarms(
            self,
            "alarms",
            naming=naming,
            project=project,
            settings=settings,
            checked=checked,
            topic_arn=self.topic.arn,
            after=self.topic.policy,
        )
        if settings.mode == "asynchronous":
            Topic(
                self,
                "answers",
                naming=naming,
                what=names.answers_topic(project),
                key_arn=messages,
                publishers={},
                email=None,
            )
