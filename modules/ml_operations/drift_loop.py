"""What finds, tells and reports drift of a served model, in its account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.dynamodb_table import (
    DynamodbTable,
    DynamodbTableAttribute,
    DynamodbTablePointInTimeRecovery,
    DynamodbTableServerSideEncryption,
)
from constructs import Construct

from modules.core.dead_letter_alarm import DeadLetterAlarm
from modules.core.event_trigger import EventTrigger
from modules.core.handshake import Edge
from modules.core.iam import Statement, only_events
from modules.core.naming import Naming
from modules.core.state_machine import StateMachine
from modules.core.topic import Topic
from modules.core.wiring import holder
from modules.foundations.contract import BaselineContract
from modules.ml_operations import names
from modules.ml_operations.drift_machine import DETAIL_TYPE, NAMESPACE, SOURCE, drift_machine, pattern
from modules.ml_operations.layout import MonitorKind
from modules.ml_operations.monitoring_settings import MonitoringSettings, Response

_KEEP_LOGS_DAYS = 365


class DriftLoop(Construct):
    """Works on each run of the project's monitors: `drift_machine`, its table of open incidents, and what starts it.

    `bus_arn` is the central bus. `reports` is the way there, None within one account. `acts` says whether drift has a
    response here: in production; elsewhere the owner is told and no more. `topic` is that of the model's owner.

    Guarantees:
    - an incident is told once, and answered once, however often its events come;
    - the machine's role writes its table, tells this topic, and puts drift on this bus, and nothing else;
    - what could not be worked on is told: an event that did not arrive, an execution that failed.

    Controls: SM-48, PLAT-03 (NIST 800-53 CA-7, IR-4, IR-5, SI-4).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: MonitoringSettings,
        project: str,
        kinds: Sequence[MonitorKind],
        acts: bool,
        topic: Topic,
        bus_arn: str,
        reports: Edge | None,
        keys: BaselineContract,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        what = names.drift(project)
        table_arn = naming.arn("dynamodb", f"table/{naming.name(what)}")
        table = DynamodbTable(
            self,
            "incidents",
            name=naming.name(what),
            billing_mode="PAY_PER_REQUEST",
            hash_key="kind",
            attribute=[DynamodbTableAttribute(name="kind", type="S")],
            server_side_encryption=DynamodbTableServerSideEncryption(enabled=True, kms_key_arn=keys.key_arns["data"]),
            point_in_time_recovery=DynamodbTablePointInTimeRecovery(enabled=True),
            deletion_protection_enabled=True,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        )
        schedules = {
            kind: naming.arn("sagemaker", f"monitoring-schedule/{names.monitor(naming, project, kind)}")
            for kind in kinds
        }
        responses: Mapping[MonitorKind, Response] = {
            kind: settings.by_kind[kind].response if acts else "tell" for kind in kinds
        }
        parameter = names.version_parameter(naming, project)
        machine = StateMachine(
            self,
            "machine",
            naming=naming,
            what=what,
            description=f"What is done about drift of {project}",
            definition=drift_machine(
                partition=naming.partition,
                project=project,
                schedules=schedules,
                settings=settings.by_kind,
                responses=responses,
                table=table.name,
                topic_arn=topic.arn,
                bus_arn=bus_arn,
                parameter=parameter,
            ),
            statements=[
                Statement(
                    "KeepIncidents", actions=("dynamodb:DeleteItem", "dynamodb:UpdateItem"), resources=(table_arn,)
                ),
                _uses_key("UseTableKey", keys.key_arns["data"], "dynamodb", naming),
                Statement("TellOwner", actions=("sns:Publish",), resources=(topic.arn,)),
                _uses_key("UseMessageKey", keys.key_arns["messages"], "sns", naming),
                Statement(
                    "ReadVersion",
                    actions=("ssm:GetParameter",),
                    resources=(naming.arn("ssm", f"parameter{parameter}"),),
                ),
                Statement(  # metrics have no resources in IAM
                    "Measure",
                    actions=("cloudwatch:PutMetricData",),
                    resources=("*",),
                    conditions={"StringEquals": {"cloudwatch:namespace": NAMESPACE}},
                ),
                *(_reports(bus_arn) if acts else ()),
            ],
            key_arn=keys.key_arns["account-logs"],
            boundary_arn=boundary_arn,
            retention_days=_KEEP_LOGS_DAYS,
            alarm=names.alarm(naming, project, "drift-failed"),
            topic_arn=topic.arn,
        )
        if reports is not None:
            reports.render(holder(self), "machine")
        trigger = EventTrigger(
            self,
            "trigger",
            naming=naming,
            what=f"{what}--start",
            description=f"Runs of the monitors of {project}",
            pattern=pattern(schedules),
            bus=None,
            target_arn=machine.arn,
            starts="states:StartExecution",
            key_arn=keys.key_arns["messages"],
            boundary_arn=boundary_arn,
        )
        DeadLetterAlarm(
            self,
            "unstarted",
            naming=naming,
            what=f"{names.topic(project)}-drift",
            queue=trigger.dead_letters,
            topic_arn=topic.arn,
            after=[topic.policy],
        )
        self.machine_arn = machine.arn


def _reports(bus_arn: str) -> tuple[Statement, ...]:
    return (
        Statement(
            "ReportDrift",
            actions=("events:PutEvents",),
            resources=(bus_arn,),
            conditions=only_events((SOURCE,), (DETAIL_TYPE,)),
        ),
    )


def _uses_key(sid: str, key_arn: str, via: str, naming: Naming) -> Statement:
    return Statement(
        sid,
        actions=("kms:Decrypt", "kms:GenerateDataKey"),
        resources=(key_arn,),
        conditions={"StringEquals": {"kms:ViaService": f"{via}.{naming.region}.amazonaws.com"}},
    )
