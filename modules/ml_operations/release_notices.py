"""Whom releases of a project tell: that one waits for an approval, and that one failed."""

from __future__ import annotations

import json

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import (
    CloudwatchEventTarget,
    CloudwatchEventTargetDeadLetterConfig,
    CloudwatchEventTargetInputTransformer,
)
from constructs import Construct

from modules.core.dead_letter_alarm import DeadLetterAlarm
from modules.core.dead_letters import dead_letters
from modules.core.event_delivery import TRIED_FOR_A_DAY
from modules.core.naming import ALARM_LIMIT, Naming
from modules.core.topic import ALARMS, EVENTS, Topic
from modules.ml_operations import names


class ReleaseNotices(Construct):
    """The topic `release--<project>`, told to `approver` by e-mail.

    Guarantees:
    - the approver hears of every release that waits, and of every one that failed or was stopped;
    - a notice that could not be delivered waits in a queue, of which the approver hears, too.

    NIST 800-53 AU-5, AU-6, CM-3.
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, project: str, approver: str, key_arn: str
    ) -> None:
        super().__init__(scope, id_)
        name = names.pipeline(naming, project)
        failed = names.build_role(project, "failed")
        rule_arn = naming.arn("events", f"rule/{naming.name(failed)}")
        queue = dead_letters(self, naming=naming, what=failed, key_arn=key_arn, rules=(rule_arn,))
        alarm = naming.name(f"{failed}-dead-letters", limit=ALARM_LIMIT)
        topic = Topic(
            self,
            "topic",
            naming=naming,
            what=f"release--{project}",
            key_arn=key_arn,
            publishers={EVENTS: [rule_arn], ALARMS: [naming.arn("cloudwatch", f"alarm:{alarm}")]},
            email=approver,
        )
        self.topic_arn = topic.arn
        DeadLetterAlarm(
            self,
            "alarm",
            naming=naming,
            what=failed,
            queue=queue.name,
            topic_arn=topic.arn,
            after=(topic.policy,),
        )
        rule = CloudwatchEventRule(
            self,
            "failed",
            name=naming.name(failed),
            description=f"A release of {project} failed",
            event_pattern=json.dumps(
                {
                    "source": ["aws.codepipeline"],
                    "detail-type": ["CodePipeline Pipeline Execution State Change"],
                    "detail": {"pipeline": [name], "state": ["FAILED", "STOPPED"]},
                }
            ),
        )
        CloudwatchEventTarget(
            self,
            "told",
            rule=rule.name,
            target_id="approver",
            arn=topic.arn,
            input_transformer=CloudwatchEventTargetInputTransformer(
                input_paths={"at": "$.time", "run": "$.detail.execution-id"},
                input_template=json.dumps(f"The release <run> of {project} failed at <at>: see its last stage."),
            ),
            dead_letter_config=CloudwatchEventTargetDeadLetterConfig(arn=queue.arn),
            retry_policy=TRIED_FOR_A_DAY,
            depends_on=[topic.policy, queue.policy],
        )
