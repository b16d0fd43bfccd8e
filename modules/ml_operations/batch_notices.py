"""What lets batches start, and who hears when one fails."""

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
from modules.core.iam import Statement, service
from modules.core.naming import Naming
from modules.core.role import Role
from modules.core.topic import Topic
from modules.foundations.contract import BaselineContract
from modules.ml_operations import names


class BatchNotices(Construct):
    """The role `names.starter`, as which the calendar starts batches of the pipeline `names.endpoint`, and notices.

    `keys` are the account's; `topic` is the owner's, and admits rules and alarms that are called after `names.topic`.

    Guarantees:
    - who starts batches may start this pipeline and nothing else, and only for this account;
    - a batch that fails or is stopped, one that could not start, and a notice that was not delivered are told.

    Controls: IAM-01, PLAT-03, PLAT-06 (NIST 800-53 AC-6, AU-5).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        project: str,
        keys: BaselineContract,
        topic: Topic,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        pipeline = naming.arn("sagemaker", f"pipeline/{names.endpoint(naming, project)}")
        what, messages = names.unstarted(project), keys.key_arns["messages"]
        rule_name = naming.name(f"{names.topic(project)}--failed")
        queue = dead_letters(
            self, naming=naming, what=what, key_arn=messages, rules=(naming.arn("events", f"rule/{rule_name}"),)
        )
        DeadLetterAlarm(
            self, "alarm", naming=naming, what=what, queue=queue.name, topic_arn=topic.arn, after=(topic.policy,)
        )
        Role(
            self,
            "starter",
            naming=naming,
            what=names.starter(project),
            description=f"Starts batches of {project}",
            trust=[
                Statement(
                    "CalendarOfThisAccount",
                    actions=("sts:AssumeRole",),
                    principals=service("scheduler.amazonaws.com"),
                    conditions={"StringEquals": {"aws:SourceAccount": naming.account_id}},
                )
            ],
            boundary_arn=boundary_arn,
            statements=[
                Statement("Start", actions=("sagemaker:StartPipelineExecution",), resources=(pipeline,)),
                Statement("SendDeadLetters", actions=("sqs:SendMessage",), resources=(queue.arn,)),
                _uses("ReadSchedule", ("kms:Decrypt",), keys.key_arns["artifacts"], "scheduler", naming),
                _uses("EncryptDeadLetters", ("kms:Decrypt", "kms:GenerateDataKey"), messages, "sqs", naming),
            ],
        )
        rule = CloudwatchEventRule(
            self,
            "failed",
            name=rule_name,
            description=f"A batch of {project} failed",
            event_pattern=json.dumps(
                {
                    "source": ["aws.sagemaker"],
                    "detail-type": ["SageMaker Model Building Pipeline Execution Status Change"],
                    "detail": {"pipelineArn": [pipeline], "currentPipelineExecutionStatus": ["Failed", "Stopped"]},
                }
            ),
        )
        CloudwatchEventTarget(
            self,
            "owner",
            rule=rule.name,
            target_id="owner",
            arn=topic.arn,
            input_transformer=CloudwatchEventTargetInputTransformer(
                input_paths={"at": "$.time", "account": "$.account"},
                input_template=json.dumps(f"A batch of {project} in account <account> failed at <at>."),
            ),
            dead_letter_config=CloudwatchEventTargetDeadLetterConfig(arn=queue.arn),
            retry_policy=TRIED_FOR_A_DAY,
            depends_on=[topic.policy, queue.policy],
        )


def _uses(sid: str, actions: tuple[str, ...], key_arn: str, via: str, naming: Naming) -> Statement:
    return Statement(
        sid,
        actions=actions,
        resources=(key_arn,),
        conditions={"StringEquals": {"kms:ViaService": f"{via}.{naming.region}.amazonaws.com"}},
    )
