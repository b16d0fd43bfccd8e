"""Who notices that alarms are heard no more."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.cloudwatch_composite_alarm import CloudwatchCompositeAlarm
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from constructs import Construct

from modules.core.naming import ALARM_LIMIT, QUEUE_LIMIT, Naming
from modules.core.topic import Topic
from modules.observability.alarm_events import OPERATORS, SECURITY
from modules.observability.names import ALARM_BUS, alarm_forwarding, alarm_topic

_FIVE_MINUTES = 300
_QUEUED = "ApproximateNumberOfMessagesVisible"


class AlarmDelivery(Construct):
    """Alarms on the way of alarms. `reporting`: the naming of each account that reports here, by its name.

    `dead_letters` is the name of the queue of what could not be told; `topics` are those of `AlarmRouting`. Queues of
    other accounts are seen through the links to the sink, in the home region.

    Guarantees:
    - a message that the operators' or security's topic could not hand over, or that did not reach a topic, sets off
      one composite alarm, which tells both by itself: it needs no rule and no bus;
    - an alarm that did not leave its account sets off one here, per account.

    Controls: PLAT-03 (NIST 800-53 AU-5, SI-4(5), SI-6).
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        dead_letters: str,
        topics: Mapping[str, Topic],
        reporting: Mapping[str, Naming],
    ) -> None:
        super().__init__(scope, id_)
        parts = {
            f"{ALARM_BUS}-dead-letters": ("AWS/SQS", _QUEUED, "QueueName", dead_letters, "Maximum"),
            **{
                f"{alarm_topic(listener)}-undelivered": (
                    "AWS/SNS",
                    "NumberOfNotificationsFailed",
                    "TopicName",
                    naming.name(alarm_topic(listener)),
                    "Sum",
                )
                for listener in (OPERATORS, SECURITY)
            },
        }
        alarms = [self._part(naming, what, *metric) for what, metric in parts.items()]
        told = [topics[OPERATORS], topics[SECURITY]]
        CloudwatchCompositeAlarm(
            self,
            "broken",
            alarm_name=naming.name(f"{ALARM_BUS}-broken", limit=ALARM_LIMIT),
            alarm_description="Alarms do not reach people: look at the topics of alarms and their dead letters",
            alarm_rule=" OR ".join(f'ALARM("{alarm.alarm_name}")' for alarm in alarms),
            alarm_actions=[topic.arn for topic in told],
            ok_actions=[topic.arn for topic in told],
            depends_on=[topic.policy for topic in told],
        )
        for account, there in sorted(reporting.items()):
            self._forwarding(naming, account, there)

    def _part(
        self, naming: Naming, what: str, namespace: str, metric: str, dimension: str, value: str, statistic: str
    ) -> CloudwatchMetricAlarm:
        """Silent itself: the composite alarm tells it."""
        return CloudwatchMetricAlarm(
            self,
            what,
            alarm_name=naming.name(what, limit=ALARM_LIMIT),
            alarm_description=f"{what}: {metric}; `{naming.name(ALARM_BUS)}-broken` tells it",
            namespace=namespace,
            metric_name=metric,
            dimensions={dimension: value},
            statistic=statistic,
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            period=_FIVE_MINUTES,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
        )

    def _forwarding(self, naming: Naming, account: str, there: Naming) -> None:
        what = f"{alarm_forwarding(None)}-{account}-dead-letters"
        queue = there.name(f"{alarm_forwarding(None)}-dead-letters", limit=QUEUE_LIMIT)
        CloudwatchMetricAlarm(
            self,
            account,
            alarm_name=naming.name(what, limit=ALARM_LIMIT),
            alarm_description=f"Alarms of the account {account} wait in its queue {queue}: they were not forwarded",
            metric_query=[
                CloudwatchMetricAlarmMetricQuery(
                    id="waiting",
                    account_id=there.account_id,
                    return_data=True,
                    metric=CloudwatchMetricAlarmMetricQueryMetric(
                        namespace="AWS/SQS",
                        metric_name=_QUEUED,
                        dimensions={"QueueName": queue},
                        period=_FIVE_MINUTES,
                        stat="Maximum",
                    ),
                )
            ],
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
        )
