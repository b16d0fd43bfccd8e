"""An alarm on what a team's queries scan in a day, which is what Athena costs."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from constructs import Construct

from modules.core.naming import ALARM_LIMIT, Naming
from modules.core.topic import ALARMS, Topic
from modules.core.workgroup import GIGABYTE

DAY_SECONDS = 24 * 3600
# Athena counts by how a query ended, and bills each way but a failed one; only DML scans.
_ENDED = ("CANCELED", "FAILED", "SUCCEEDED")


class ScanAlarm(Construct):
    """Tells `owner` when the queries in the workgroup `what` scan more than `daily_gb` (10^9 bytes each) in a day.

    `key_arn` is a key that CloudWatch may use. A limit for one query is the workgroup's own, and cancels.

    Guarantees: what succeeded, failed and was cancelled counts; a day without queries raises nothing.

    Controls: PLAT-06 (NIST 800-53 AU-6, SI-4).
    https://docs.aws.amazon.com/athena/latest/ug/query-metrics-viewing.html
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, what: str, daily_gb: int, owner: str, key_arn: str
    ) -> None:
        super().__init__(scope, id_)
        workgroup, alarm = naming.name(what), naming.name(f"{what}-scanned", limit=ALARM_LIMIT)
        topic = Topic(
            self,
            "topic",
            naming=naming,
            what=what,
            key_arn=key_arn,
            publishers={ALARMS: [naming.arn("cloudwatch", f"alarm:{alarm}")]},
            email=owner,
        )
        parts = [
            CloudwatchMetricAlarmMetricQuery(
                id=ended.lower(),
                metric=CloudwatchMetricAlarmMetricQueryMetric(
                    namespace="AWS/Athena",
                    metric_name="ProcessedBytes",
                    dimensions={"WorkGroup": workgroup, "QueryType": "DML", "QueryState": ended},
                    period=DAY_SECONDS,
                    stat="Sum",
                ),
            )
            for ended in _ENDED
        ]
        # The sum of those of which something is heard: no query may have failed, or been cancelled, for weeks.
        total = CloudwatchMetricAlarmMetricQuery(
            id="total", expression="SUM(METRICS())", label="Scanned in a day", return_data=True
        )
        CloudwatchMetricAlarm(
            self,
            "alarm",
            alarm_name=alarm,
            alarm_description=f"Queries in {workgroup} scanned more than {daily_gb} GB in a day",
            metric_query=[*parts, total],
            evaluation_periods=1,
            threshold=daily_gb * GIGABYTE,
            comparison_operator="GreaterThanThreshold",
            treat_missing_data="notBreaching",
            alarm_actions=[topic.arn],
        )
