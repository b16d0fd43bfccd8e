"""What a feature group promises (`operation` in its file), and the alarms that hold it to that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from constructs import Construct

from modules.core.dead_letter_alarm import FIVE_MINUTES, DeadLetterAlarm
from modules.core.naming import Naming
from modules.core.topic import ALARMS, Topic
from modules.feature_store.functions.ingest_records.metrics import NAMESPACE
from modules.feature_store.names import group_name, ingest_queue
from modules.feature_store.settings import FeatureGroupSpec

# SageMaker counts units by group and operation.
# https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
_STORE = "AWS/SageMaker/FeatureStore"
_WRITES, _READS = ("PutRecord", "DeleteRecord"), ("GetRecord", "BatchGetRecord")


class GroupAlarms(Construct):
    """The alarms of one group and its dead-letter queue, told to the group's owner, and told again when all is well.

    The topic is `<group>-alerts`: its owner alone is told, who can do something about it.

    Guarantees:
    - it alarms when no record of the last `freshness_minutes` has been written in them, and when nothing is heard of
      the group at all; old records that are loaded do not count. A deprecated group promises no freshness;
    - it alarms on the first record that is refused, and on the first message that lies in the dead-letter queue;
    - it alarms when the online store consumes more units in a minute, five times of five, than the group may.

    Controls: COST-03 (NIST 800-53 SI-4, AU-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        spec: FeatureGroupSpec,
        dead_letters: str,
        key_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._spec = naming, spec
        self._group = group_name(naming, spec.feature_group)
        self._topic_arn = Topic(
            self,
            "alerts",
            naming=naming,
            what=f"{spec.feature_group}-alerts",
            key_arn=key_arn,
            publishers={ALARMS: (naming.arn("cloudwatch", f"alarm:{self._name('*')}"),)},
            email=spec.owner,
        ).arn
        DeadLetterAlarm(
            self,
            "dead-letters",
            naming=naming,
            what=ingest_queue(spec.feature_group),
            queue=dead_letters,
            topic_arn=self._topic_arn,
        )
        operation = spec.operation
        if spec.deprecated is None:
            self._ours(
                "freshness",
                f"No record of the last {operation.freshness_minutes} minutes has come in",
                metric="Fresh",
                comparison="LessThanThreshold",
                threshold=1,
                period=operation.freshness_minutes * 60,
                missing="breaching",
            )
        self._ours(
            "refused",
            "A record was refused: the dead-letter queue holds it, with the rule that it broke",
            metric="Refused",
            comparison="GreaterThanThreshold",
            threshold=0,
            period=FIVE_MINUTES,
            missing="notBreaching",
        )
        if spec.online is not None:
            self._units("writes", "ConsumedWriteRequestsUnits", _WRITES, operation.write_units_per_minute)
            self._units("reads", "ConsumedReadRequestsUnits", _READS, operation.read_units_per_minute)

    def _ours(
        self,
        what: str,
        description: str,
        *,
        metric: str,
        comparison: str,
        threshold: int,
        period: int,
        missing: str,
    ) -> None:
        CloudwatchMetricAlarm(
            self,
            what,
            alarm_name=self._name(what),
            alarm_description=f"{self._group}: {description}",
            namespace=NAMESPACE,
            metric_name=metric,
            dimensions={"FeatureGroup": self._group},
            statistic="Sum",
            comparison_operator=comparison,
            threshold=threshold,
            period=period,
            evaluation_periods=1,
            treat_missing_data=missing,
            alarm_actions=[self._topic_arn],
            ok_actions=[self._topic_arn],
        )

    def _units(self, what: str, metric: str, operations: Sequence[str], most: int) -> None:
        """What several operations consume together: the sum of those of which something is heard."""
        parts = [
            CloudwatchMetricAlarmMetricQuery(
                id=operation.lower(),
                metric=CloudwatchMetricAlarmMetricQueryMetric(
                    namespace=_STORE,
                    metric_name=metric,
                    dimensions=self._dimensions(operation),
                    stat="Sum",
                    period=60,
                ),
            )
            for operation in operations
        ]
        total = CloudwatchMetricAlarmMetricQuery(
            id="total", expression="SUM(METRICS())", label=f"{metric} in a minute", return_data=True
        )
        CloudwatchMetricAlarm(
            self,
            what,
            alarm_name=self._name(what),
            alarm_description=f"{self._group}: more than {most} units a minute of {metric}, which AWS bills",
            metric_query=[*parts, total],
            comparison_operator="GreaterThanThreshold",
            threshold=most,
            evaluation_periods=5,
            treat_missing_data="notBreaching",
            alarm_actions=[self._topic_arn],
            ok_actions=[self._topic_arn],
        )

    def _dimensions(self, operation: str) -> Mapping[str, str]:
        return {"FeatureGroupName": self._group, "OperationName": operation}

    def _name(self, what: str) -> str:
        return f"{self._group}-{what}"
