"""A domain's results of data quality on their way to the governance account."""

from __future__ import annotations

import json

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import (
    CloudwatchEventTarget,
    CloudwatchEventTargetDeadLetterConfig,
)
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from cdktf_cdktf_provider_aws.sqs_queue_policy import SqsQueuePolicy
from constructs import Construct

from modules.core.handshake import Edge
from modules.core.iam import ANYONE, Statement, policy_document, service
from modules.core.naming import QUEUE_LIMIT, Naming
from modules.core.role import Role
from modules.core.wiring import holder
from modules.data_lake.names import REPORTER, domain_role, events_bus, rulesets

EVENTS = "events.amazonaws.com"
KEEP_SECONDS = 14 * 24 * 3600  # the longest SQS keeps a message


def results(naming: Naming, domain: str) -> dict[str, object]:
    """The pattern of what a run of one of the domain's rulesets tells, whatever came of it."""
    return {
        "source": ["aws.glue-dataquality"],
        "detail-type": ["Data Quality Evaluation Results Available"],
        "detail": {"rulesetNames": [{"prefix": rulesets(naming, domain)}]},
    }


class QualityReport(Construct):
    """The rule that forwards the results of the domain's rulesets to the bus of the account `governance`.

    `dead_letters` is the name of the queue, under `key_arn`, for what the bus did not take within a day.

    Guarantees:
    - results of these rulesets, new ones too, reach the bus unchanged, and nothing else does;
    - the rule's role puts events on that bus alone, and EventBridge assumes it for this very rule;
    - what cannot be delivered waits in a queue for 14 days.

    Controls: PLAT-03, PLAT-06, IAM-01 (NIST 800-53 AC-4, AC-6, AU-5).
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        domain: str,
        governance: Naming,
        key_arn: str,
        boundary_arn: str,
        reports: Edge,
    ) -> None:
        super().__init__(scope, id_)
        what = domain_role(domain, REPORTER)
        name, rule_arn = naming.name(what), naming.arn("events", f"rule/{naming.name(what)}")
        bus_arn = governance.arn("events", f"event-bus/{events_bus(governance)}")
        role = Role(
            self,
            "role",
            naming=naming,
            what=what,
            description=f"Results of data quality of the domain {domain} are reported as this role",
            trust=[
                Statement(
                    "ThisRule",
                    actions=("sts:AssumeRole",),
                    principals=service(EVENTS),
                    conditions={
                        "StringEquals": {"aws:SourceAccount": naming.account_id},
                        "ArnEquals": {"aws:SourceArn": rule_arn},
                    },
                )
            ],
            boundary_arn=boundary_arn,
            statements=[Statement("Report", actions=("events:PutEvents",), resources=(bus_arn,))],
        )
        dead_letters = naming.name(f"{what}-dead-letters", limit=QUEUE_LIMIT)
        queue_arn = naming.arn("sqs", dead_letters)
        queue = SqsQueue(
            self,
            "dead-letters",
            name=dead_letters,
            kms_master_key_id=key_arn,
            message_retention_seconds=KEEP_SECONDS,
        )
        self.dead_letters = queue.name
        policy = SqsQueuePolicy(
            self,
            "dead-letters-policy",
            queue_url=queue.url,
            policy=policy_document(
                Statement(
                    "ThisRuleSends",
                    actions=("sqs:SendMessage",),
                    resources=(queue_arn,),
                    principals=service(EVENTS),
                    conditions={"ArnEquals": {"aws:SourceArn": rule_arn}},
                ),
                Statement(
                    "DenyInsecureTransport",
                    actions=("sqs:*",),
                    resources=(queue_arn,),
                    effect="Deny",
                    principals=ANYONE,
                    conditions={"Bool": {"aws:SecureTransport": "false"}},
                ),
            ),
        )
        rule = CloudwatchEventRule(
            self,
            "rule",
            name=name,
            description="Results of data quality, for the governance account",
            event_pattern=json.dumps(results(naming, domain), sort_keys=True),
        )
        CloudwatchEventTarget(
            self,
            "bus",
            rule=rule.name,
            arn=bus_arn,
            role_arn=role.arn,
            target_id="governance",
            dead_letter_config=CloudwatchEventTargetDeadLetterConfig(arn=queue.arn),
            depends_on=[policy],
        )
        reports.render(holder(self), "rule")
