"""How EventBridge delivers what a rule sends: by a role for this very rule, for a day, and then into a queue."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTargetRetryPolicy

from modules.core.iam import Statement, service
from modules.core.naming import Naming
from modules.core.topic import EVENTS

# The most that EventBridge tries again: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
TRIED_FOR_A_DAY = CloudwatchEventTargetRetryPolicy(maximum_event_age_in_seconds=24 * 3600, maximum_retry_attempts=185)


def trusts_rule(naming: Naming, rule_arn: str) -> Statement:
    """EventBridge works as the role for this rule of this account, and for no other."""
    return Statement(
        "ThisRule",
        actions=("sts:AssumeRole",),
        principals=service(EVENTS),
        conditions={
            "StringEquals": {"aws:SourceAccount": naming.account_id},
            "ArnEquals": {"aws:SourceArn": rule_arn},
        },
    )
