"""Who is told that versions are not promoted."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from constructs import Construct

from modules.core.dead_letter_alarm import FIVE_MINUTES, DeadLetterAlarm
from modules.core.naming import ALARM_LIMIT, Naming
from modules.core.topic import ALARMS, Topic
from modules.ml_operations.names import PROMOTIONS

LATE_SECONDS = 2 * 3600  # five tries span an hour and a half


class PromotionAlarms(Construct):
    """Alarms on the queue `queue`, its `dead_letters` and the function `function`, told to `operators` by e-mail.

    Guarantees: operators hear
    - of the first version that was refused, or could not be promoted in five tries;
    - when an approved version waits for more than two hours;
    - when the function fails, which no message does by itself.

    Controls: PLAT-03 (NIST 800-53 AU-5, SI-4(5)).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        queue: str,
        dead_letters: str,
        function: str,
        operators: str,
        key_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        parts = ("dead-letters", "failing", "late")
        names = {part: naming.name(f"{PROMOTIONS}-{part}", limit=ALARM_LIMIT) for part in parts}
        self._topic = Topic(
            self,
            "topic",
            naming=naming,
            what=f"{PROMOTIONS}-alerts",
            key_arn=key_arn,
            publishers={ALARMS: [naming.arn("cloudwatch", f"alarm:{name}") for name in names.values()]},
            email=operators,
        )
        DeadLetterAlarm(
            self,
            "dead-letters",
            naming=naming,
            what=PROMOTIONS,
            queue=dead_letters,
            topic_arn=self._topic.arn,
            after=[self._topic.policy],
        )
        self._alarm(
            "late",
            names["late"],
            "An approved version waits to be promoted for more than two hours",
            metric=("AWS/SQS", "ApproximateAgeOfOldestMessage", "Maximum"),
            dimensions={"QueueName": queue},
            threshold=LATE_SECONDS,
        )
        self._alarm(
            "failing",
            names["failing"],
            "The function that promotes versions failed: see its log",
            metric=("AWS/Lambda", "Errors", "Sum"),
            dimensions={"FunctionName": function},
            threshold=0,
        )

    def _alarm(
        self,
        what: str,
        name: str,
        description: str,
        *,
        metric: tuple[str, str, str],
        dimensions: Mapping[str, str],
        threshold: int,
    ) -> None:
        namespace, metric_name, statistic = metric
        CloudwatchMetricAlarm(
            self,
            what,
            alarm_name=name,
            alarm_description=description,
            namespace=namespace,
            metric_name=metric_name,
            dimensions=dict(dimensions),
            statistic=statistic,
            comparison_operator="GreaterThanThreshold",
            threshold=threshold,
            period=FIVE_MINUTES,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            alarm_actions=[self._topic.arn],
            ok_actions=[self._topic.arn],
            depends_on=[self._topic.policy],
        )
