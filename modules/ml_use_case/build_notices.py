"""Who hears when the build of a project fails."""

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
from modules.ml_use_case import names


class BuildNotices(Construct):
    """A topic that tells the project's owner of each run, of CodePipeline or of SageMaker, that failed or was stopped.

    Guarantees:
    - a build that fails in any stage is told to the owner, and so is a run of the SageMaker pipeline;
    - only these two rules, and the alarm on the queue, publish to the topic;
    - an event that could not be delivered, be it a notice or a start, waits in `dead_letters`, and the owner hears.

    NIST 800-53 AU-5, AU-6, SI-4.
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, project: str, owner: str, key_arn: str) -> None:
        super().__init__(scope, id_)
        pipeline = names.pipeline(naming, project)
        patterns = {
            "build": {
                "source": ["aws.codepipeline"],
                "detail-type": ["CodePipeline Pipeline Execution State Change"],
                "detail": {"pipeline": [pipeline], "state": ["FAILED", "STOPPED"]},
            },
            "run": {
                "source": ["aws.sagemaker"],
                "detail-type": ["SageMaker Model Building Pipeline Execution Status Change"],
                "detail": {
                    "pipelineArn": [naming.arn("sagemaker", f"pipeline/{pipeline}")],
                    "currentPipelineExecutionStatus": ["Failed", "Stopped"],
                },
            },
        }
        rules = {what: naming.name(names.build_part(project, f"{what}-failed")) for what in patterns}
        # By the one pattern the queue admits the rules here, and that of the triggers.
        all_rules = naming.arn("events", f"rule/{naming.name(project)}--*")
        what_fails = names.build_part(project, "events")
        self.dead_letters = dead_letters(self, naming=naming, what=what_fails, key_arn=key_arn, rules=(all_rules,))
        alarm = naming.name(f"{what_fails}-dead-letters", limit=ALARM_LIMIT)
        topic = Topic(
            self,
            "topic",
            naming=naming,
            what=names.build_part(project, "failures"),
            key_arn=key_arn,
            publishers={
                EVENTS: [naming.arn("events", f"rule/{rule}") for rule in rules.values()],
                ALARMS: [naming.arn("cloudwatch", f"alarm:{alarm}")],
            },
            email=owner,
        )
        DeadLetterAlarm(
            self,
            "alarm",
            naming=naming,
            what=what_fails,
            queue=self.dead_letters.name,
            topic_arn=topic.arn,
            after=(topic.policy,),
        )
        for what, pattern in patterns.items():
            rule = CloudwatchEventRule(
                self,
                what,
                name=rules[what],
                description=f"The {what} of {project} failed",
                event_pattern=json.dumps(pattern),
            )
            CloudwatchEventTarget(
                self,
                f"{what}-told",
                rule=rule.name,
                target_id="owner",
                arn=topic.arn,
                input_transformer=CloudwatchEventTargetInputTransformer(
                    input_paths={"at": "$.time", "account": "$.account"},
                    input_template=json.dumps(f"The {what} of {project} in account <account> failed at <at>."),
                ),
                dead_letter_config=CloudwatchEventTargetDeadLetterConfig(arn=self.dead_letters.arn),
                retry_policy=TRIED_FOR_A_DAY,
                depends_on=[topic.policy, self.dead_letters.policy],
            )
