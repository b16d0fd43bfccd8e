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
from constructs import Construct

from modules.core.dead_letter_alarm import DeadLetterAlarm
from modules.core.dead_letters import DeadLetters
from modules.core.handshake import Edge
from modules.core.iam import Statement, service
from modules.core.naming import ALARM_LIMIT, Naming
from modules.core.role import Role
from modules.core.topic import ALARMS, EVENTS, Topic
from modules.core.wiring import holder

TRIED_SECONDS = 24 * 3600  # the longest EventBridge tries again


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
        dead_letters = DeadLetters(self, "dead-letters", naming=naming, what=what, key_arn=key_arn, rules=(rule_arn,))
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
            dead_letter_config=CloudwatchEventTargetDeadLetterConfig(arn=dead_letters.arn),
            retry_policy=CloudwatchEventTargetRetryPolicy(
                maximum_event_age_in_seconds=TRIED_SECONDS, maximum_retry_attempts=185
            ),
            depends_on=[dead_letters.policy, role.whole],
        )
        self._alarm(dead_letters.name, key_arn, contact)
        if announces is not None:
            announces.render(holder(self), "rule")

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
        DeadLetterAlarm(
            self, "alarm", naming=self._naming, what=self._what, queue=queue, topic_arn=topic.arn, after=(topic.policy,)
        )
