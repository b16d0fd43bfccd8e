"""The one message from production that a project hears in dev: that its model is to learn again."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.cloudwatch_event_bus import CloudwatchEventBus
from cdktf_cdktf_provider_aws.cloudwatch_event_bus_policy import CloudwatchEventBusPolicy
from constructs import Construct

from modules.core.dead_letter_alarm import DeadLetterAlarm
from modules.core.event_trigger import EventTrigger
from modules.core.handshake import Edge
from modules.core.iam import Principals, Statement, only_events, policy_document, policy_variable
from modules.core.naming import ALARM_LIMIT, Naming
from modules.core.topic import ALARMS, Topic
from modules.core.wiring import holder
from modules.ml_use_case import names

SOURCE, DETAIL_TYPE = "mlgov.operations", "Model Retraining Requested"


@dataclass(frozen=True, slots=True)
class Asker:
    """The role of another account that asks for it, and the way on which it does, with the side `bus`."""

    account_id: str
    role_arn: str
    edge: Edge


class Retraining(Construct):
    """The bus `<organisation>-<environment>-<bus>`, on which a message starts the project's build.

    `asker` is None where who asks works in this account. `owner` hears of messages that started nothing. `key_arn` must
    be open to EventBridge, CloudWatch and SNS.

    Guarantees:
    - one role of one other account puts messages on it, of one kind;
    - all that a message does is to start this project's build, from the source as it stands, tests and gate included.

    Controls: PLAT-06, IAM-01, PLAT-03 (NIST 800-53 AC-4, AC-6, AU-5).
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions-manage.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        project: str,
        bus: str,
        asker: Asker | None,
        owner: str,
        key_arn: str,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        made = CloudwatchEventBus(
            self, "bus", name=naming.name(bus), description=f"Asks that the model of {project} learns again"
        )
        if asker is not None:
            CloudwatchEventBusPolicy(
                self, "policy", event_bus_name=made.name, policy=policy_document(_asked(naming, bus, asker))
            )
            asker.edge.render(holder(self), "bus")
        what = names.build_part(project, "retrain")
        trigger = EventTrigger(
            self,
            "trigger",
            naming=naming,
            what=what,
            description=f"Builds {project} again, as its model drifted",
            pattern={"source": [SOURCE], "detail-type": [DETAIL_TYPE], "detail": {"project": [project]}},
            bus=bus,
            target_arn=naming.arn("codepipeline", names.pipeline(naming, project)),
            starts="codepipeline:StartPipelineExecution",
            key_arn=key_arn,
            boundary_arn=boundary_arn,
            after=made,
        )
        alarm = naming.name(f"{what}-dead-letters", limit=ALARM_LIMIT)
        topic = Topic(
            self,
            "topic",
            naming=naming,
            what=what,
            key_arn=key_arn,
            publishers={ALARMS: [naming.arn("cloudwatch", f"alarm:{alarm}")]},
            email=owner,
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


def _asked(naming: Naming, bus: str, asker: Asker) -> Statement:
    return Statement(
        "DriftIsAnswered",
        actions=("events:PutEvents",),
        resources=(naming.arn("events", f"event-bus/{naming.name(bus)}"),),
        principals=Principals("AWS", (f"arn:{naming.partition}:iam::{asker.account_id}:root",)),
        conditions={
            "ArnEquals": {"aws:PrincipalArn": asker.role_arn},
            "StringEquals": {"aws:PrincipalOrgID": policy_variable("aws:ResourceOrgID")},
            **only_events((SOURCE,), (DETAIL_TYPE,)),
        },
    )
