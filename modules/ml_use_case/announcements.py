"""What happens to a team's models, on its way to the central event bus."""

from __future__ import annotations

import json
from collections.abc import Mapping

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import (
    CloudwatchEventTarget,
    CloudwatchEventTargetDeadLetterConfig,
    CloudwatchEventTargetRetryPolicy,
)
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from cdktf_cdktf_provider_aws.sqs_queue_policy import SqsQueuePolicy
from constructs import Construct

from modules.core.handshake import Edge
from modules.core.iam import ANYONE, Statement, policy_document, service
from modules.core.naming import ALARM_LIMIT, QUEUE_LIMIT, Naming
from modules.core.role import Role
from modules.core.topic import ALARMS, EVENTS, Topic
from modules.core.wiring import holder

KEEP_SECONDS = 14 * 24 * 3600  # the longest SQS keeps a message
TRIED_SECONDS = 24 * 3600  # the longest EventBridge tries again
FIVE_MINUTES = 300


class Announcements(Construct):
    """The rule that forwards what `pattern` matches of the account's default bus to the bus `bus_arn`.

    `what` names its parts, behind `<organisation>-<environment>-`. `key_arn` must be open to EventBridge, CloudWatch
    and SNS. `contact` is told by e-mail. `announces` is the way there; None where the bus stands in this very account.

    Guarantees:
    - events reach the bus unchanged, and nothing that the pattern does not match does;
    - the rule's role puts events on that bus alone, and EventBridge assumes it for this very rule;
    - what cannot be delivered within a day waits in a queue for 14 days, and the contact hears of the first.

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
        pattern: Mapping[str, object],
        bus_arn: str,
        key_arn: str,
        boundary_arn: str,
        contact: str,
        announces: Edge | None,
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._what = naming, what
        rule_arn = naming.arn("events", f"rule/{naming.name(what)}")
        role = Role(
            self,
            "role",
            naming=naming,
            what=what,
            description="What happens to models is announced as this role",
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
            statements=[Statement("Announce", actions=("events:PutEvents",), resources=(bus_arn,))],
        )
        queue, policy = self._dead_letters(rule_arn, key_arn)
        rule = CloudwatchEventRule(
            self,
            "rule",
            name=naming.name(what),
            description="What happens to models, for the central bus",
            event_pattern=json.dumps(pattern, sort_keys=True),
        )
        CloudwatchEventTarget(
            self,
            "bus",
            rule=rule.name,
            arn=bus_arn,
            role_arn=role.arn,
            target_id="central",
            dead_letter_config=CloudwatchEventTargetDeadLetterConfig(arn=queue.arn),
            retry_policy=CloudwatchEventTargetRetryPolicy(
                maximum_event_age_in_seconds=TRIED_SECONDS, maximum_retry_attempts=185
            ),
            depends_on=[policy, role.whole],
        )
        self._alarm(queue.name, key_arn, contact)
        if announces is not None:
            announces.render(holder(self), "rule")

    def _dead_letters(self, rule_arn: str, key_arn: str) -> tuple[SqsQueue, SqsQueuePolicy]:
        name = self._naming.name(f"{self._what}-dead-letters", limit=QUEUE_LIMIT)
        queue_arn = self._naming.arn("sqs", name)
        queue = SqsQueue(
            self, "dead-letters", name=name, kms_master_key_id=key_arn, message_retention_seconds=KEEP_SECONDS
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

    def _alarm(self, queue: str, key_arn: str, contact: str) -> None:
        name = self._naming.name(f"{self._what}-dead-letters", limit=ALARM_LIMIT)
        topic = Topic(
            self,
            "alerts",
            naming=self._naming,
            what=f"{self._what}-alerts",
            key_arn=key_arn,
            publishers={ALARMS: (self._naming.arn("cloudwatch", f"alarm:{name}"),)},
            email=contact,
        )
        CloudwatchMetricAlarm(
            self,
            "alarm",
            alarm_name=name,
            alarm_description="Events of models that did not reach the central bus wait in the dead-letter queue",
            namespace="AWS/SQS",
            metric_name="ApproximateNumberOfMessagesVisible",
            dimensions={"QueueName": queue},
            statistic="Maximum",
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            period=FIVE_MINUTES,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            alarm_actions=[topic.arn],
            ok_actions=[topic.arn],
            depends_on=[topic.policy],
        )
