"""The alarm on a dead-letter queue."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from constructs import Construct

from modules.core.naming import ALARM_LIMIT, Naming

FIVE_MINUTES = 300


class DeadLetterAlarm(Construct):
    """Tells `topic_arn` when the dead-letter queue `queue`, of what goes by the name `what`, holds a message.

    `after` is what must be there before: the topic's policy, where it stands in the same stack.

    Guarantees: it alarms on the first message, and until the last is gone.
    Controls: PLAT-03 (NIST 800-53 SI-4).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        queue: str,
        topic_arn: str,
        after: Sequence[ITerraformDependable] = (),
    ) -> None:
        super().__init__(scope, id_)
        CloudwatchMetricAlarm(
            self,
            "alarm",
            alarm_name=naming.name(f"{what}-dead-letters", limit=ALARM_LIMIT),
            alarm_description=f"{what}: messages that could not be worked on wait in the dead-letter queue",
            namespace="AWS/SQS",
            metric_name="ApproximateNumberOfMessagesVisible",
            dimensions={"QueueName": queue},
            statistic="Maximum",
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            period=FIVE_MINUTES,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            alarm_actions=[topic_arn],
            ok_actions=[topic_arn],
            depends_on=list(after) or None,
        )
