"""Events of an account's default bus on their way to a bus elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import (
    CloudwatchEventTarget,
    CloudwatchEventTargetDeadLetterConfig,
    CloudwatchEventTargetRetryPolicy,
)
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from cdktf_cdktf_provider_aws.sqs_queue_policy import SqsQueuePolicy
from constructs import Construct

from modules.core.function import DEAD_LETTER_SECONDS
from modules.core.handshake import Edge
from modules.core.iam import ANYONE, Statement, policy_document, service
from modules.core.naming import QUEUE_LIMIT, Naming
from modules.core.role import Role
from modules.core.topic import EVENTS
from modules.core.wiring import holder

TRIED_SECONDS, TRIED_TIMES = 24 * 3600, 185  # the most that EventBridge tries again


class EventForwarding(Construct):
    """The rule `<organisation>-<environment>-<what>` that forwards events of `pattern` to the bus `bus_arn`.

    `target` is what the rule calls the bus; `dead_letters` is the name of the queue of what the bus did not take.
    `key_arn` must be open to EventBridge. `edge` is the way there, with the side `rule`; None within one account.

    Guarantees:
    - events reach the bus unchanged, and nothing that the pattern does not match does;
    - the rule's role puts events on that bus alone, and EventBridge assumes it for this very rule;
    - what cannot be delivered within a day waits in a queue for 14 days.

    Controls: PLAT-03, PLAT-06, IAM-01 (NIST 800-53 AC-4, AC-6, AU-5).
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        description: str,
        pattern: Mapping[str, object],
        bus_arn: str,
        target: str,
        key_arn: str,
        boundary_arn: str,
        edge: Edge | None,
    ) -> None:
        super().__init__(scope, id_)
        name, rule_arn = naming.name(what), naming.arn("events", f"rule/{naming.name(what)}")
        role = Role(
            self,
            "role",
            naming=naming,
            what=what,
            description=f"{description}, as this role",
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
            statements=[Statement("Forward", actions=("events:PutEvents",), resources=(bus_arn,))],
        )
        queue, policy = self._dead_letters(naming, what, rule_arn, key_arn)
        self.dead_letters = queue.name
        rule = CloudwatchEventRule(
            self, "rule", name=name, description=description, event_pattern=json.dumps(pattern, sort_keys=True)
        )
        CloudwatchEventTarget(
            self,
            "bus",
            rule=rule.name,
            arn=bus_arn,
            role_arn=role.arn,
            target_id=target,
            dead_letter_config=CloudwatchEventTargetDeadLetterConfig(arn=queue.arn),
            retry_policy=CloudwatchEventTargetRetryPolicy(
                maximum_event_age_in_seconds=TRIED_SECONDS, maximum_retry_attempts=TRIED_TIMES
            ),
            depends_on=[policy, role.whole],
        )
        if edge is not None:
            edge.render(holder(self), "rule")

    def _dead_letters(self, naming: Naming, what: str, rule_arn: str, key_arn: str) -> tuple[SqsQueue, SqsQueuePolicy]:
        name = naming.name(f"{what}-dead-letters", limit=QUEUE_LIMIT)
        queue_arn = naming.arn("sqs", name)
        queue = SqsQueue(
            self, "dead-letters", name=name, kms_master_key_id=key_arn, message_retention_seconds=DEAD_LETTER_SECONDS
        )
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
        return queue, policy
