"""What goes off when a served model drifts, or is watched no more."""

from __future__ import annotations

import math
from collections.abc import Sequence

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from constructs import Construct

from modules.core.naming import Naming
from modules.core.topic import Topic
from modules.ml_operations import names
from modules.ml_operations.drift_machine import FAILURES, NAMESPACE, RUNS, VIOLATIONS
from modules.ml_operations.layout import MonitorKind
from modules.ml_operations.monitoring_settings import MonitoringSettings
from modules.ml_operations.serving_settings import ServingMode

_DAY, _HOUR = 86_400, 3600
_WEEK = 7  # days: as far as CloudWatch looks back


class DriftAlarms(Construct):
    """Alarms on each kind of monitor of the project, by the metrics that `drift_machine` puts, told to `topic`.

    A monitor is late when the endpoint was asked and no run looked at that, for as long as runs and truth take: its
    schedule does not run, finds no captured data, or finds no truth to match them with. Where a model has no endpoint
    it is late when a week passes without a run after there was one.

    Guarantees: violations, failed runs and missing runs of every kind are told; silence is none of them while nobody
    asks the model.

    Controls: SM-48 (NIST 800-53 CA-7, SI-4(5)).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: MonitoringSettings,
        project: str,
        mode: ServingMode,
        kinds: Sequence[MonitorKind],
        topic: Topic,
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._project, self._settings, self._topic = naming, project, settings, topic
        for kind in kinds:
            scope = Construct(self, kind)
            self._counted(scope, kind, "drift", VIOLATIONS, "violations of its baseline")
            self._counted(scope, kind, "failed", FAILURES, "runs that failed")
            if mode == "batch":
                self._silent(scope, kind)
            else:
                self._late(scope, kind, mode)

    def _counted(self, scope: Construct, kind: MonitorKind, what: str, metric: str, words: str) -> None:
        """One such run is an alarm until a later one is none."""
        CloudwatchMetricAlarm(
            scope,
            what,
            alarm_name=names.alarm(self._naming, self._project, f"{kind}-{what}"),
            alarm_description=f"{self._project}: the monitor {kind} has {words}",
            namespace=NAMESPACE,
            metric_name=metric,
            dimensions=self._dimensions(kind),
            statistic="Maximum",
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            period=self._settings.by_kind[kind].every_hours * _HOUR,
            evaluation_periods=1,
            treat_missing_data="ignore",
            alarm_actions=[self._topic.arn],
            ok_actions=[self._topic.arn],
            depends_on=[self._topic.policy],
        )

    def _late(self, scope: Construct, kind: MonitorKind, mode: ServingMode) -> None:
        days = self._patience(kind)
        CloudwatchMetricAlarm(
            scope,
            "late",
            alarm_name=names.alarm(self._naming, self._project, f"{kind}-late"),
            alarm_description=f"{self._project}: asked for {days} days, and the monitor {kind} looked at none of it",
            metric_query=[
                CloudwatchMetricAlarmMetricQuery(
                    id="unwatched",
                    expression="IF(FILL(asked, 0) > 0 AND FILL(runs, 0) < 1, 1, 0)",
                    label="Asked and not looked at",
                    return_data=True,
                ),
                _sum("asked", "AWS/SageMaker", *invocations(self._naming, self._project, mode)),
                _sum("runs", NAMESPACE, RUNS, self._dimensions(kind)),
            ],
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            evaluation_periods=days,
            datapoints_to_alarm=days,
            treat_missing_data="notBreaching",
            alarm_actions=[self._topic.arn],
            ok_actions=[self._topic.arn],
            depends_on=[self._topic.policy],
        )

    def _silent(self, scope: Construct, kind: MonitorKind) -> None:
        """Without data the alarm tells that it knows nothing; before the first run nothing changes, so it is silent."""
        CloudwatchMetricAlarm(
            scope,
            "late",
            alarm_name=names.alarm(self._naming, self._project, f"{kind}-late"),
            alarm_description=f"{self._project}: the monitor {kind} did not run for a week",
            namespace=NAMESPACE,
            metric_name=RUNS,
            dimensions=self._dimensions(kind),
            statistic="Sum",
            comparison_operator="LessThanThreshold",
            threshold=1,
            period=_DAY,
            evaluation_periods=_WEEK,
            treat_missing_data="missing",
            insufficient_data_actions=[self._topic.arn],
            ok_actions=[self._topic.arn],
            depends_on=[self._topic.policy],
        )

    def _patience(self, kind: MonitorKind) -> int:
        """Days from an answer to the run that judges it, and one more."""
        since, _ = self._settings.window(kind)
        hours = int(since.removeprefix("-PT").removesuffix("H"))
        return min(math.ceil(hours / 24) + 1, _WEEK)

    def _dimensions(self, kind: MonitorKind) -> dict[str, str]:
        return {"Kind": kind, "Project": self._project}


def invocations(naming: Naming, project: str, mode: ServingMode) -> tuple[str, dict[str, str]]:
    """The metric of how often the endpoint was asked, and its dimensions; asynchronous ones count what they answered.

    https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
    """
    endpoint = {"EndpointName": names.endpoint(naming, project)}
    if mode == "asynchronous":
        return "InvocationsProcessed", endpoint
    return "Invocations", {**endpoint, "VariantName": names.VARIANT}


def _sum(id_: str, namespace: str, metric: str, dimensions: dict[str, str]) -> CloudwatchMetricAlarmMetricQuery:
    return CloudwatchMetricAlarmMetricQuery(
        id=id_,
        metric=CloudwatchMetricAlarmMetricQueryMetric(
            namespace=namespace, metric_name=metric, dimensions=dimensions, period=_DAY, stat="Sum"
        ),
    )
