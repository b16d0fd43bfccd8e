"""What goes off when an endpoint answers badly, late or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from constructs import Construct

from modules.core.function import METRICS_NAMESPACE
from modules.core.naming import Naming
from modules.ml_operations import names
from modules.ml_operations.check_settings import REQUESTS
from modules.ml_operations.serving_settings import ServedAs
from modules.ml_operations.unwell_alarm import UNWELL, UnwellAlarm

NAMESPACE = "AWS/SageMaker"
_MINUTE, _HOUR = 60, 3600
_MICROSECONDS = 1000  # of a millisecond
# What takes an update back; the others are no fault of a version, or not of its first minutes.
_ROLLBACK = ("errors", "latency")


@dataclass(frozen=True, slots=True)
class _Watched:
    """One alarm: on which metric, over how many periods, above (or, with `below`, under) which value."""

    what: str
    told: str
    metric: str
    statistic: str
    threshold: float
    period: int = _MINUTE
    periods: int = 3
    by_variant: bool = True
    below: bool = False


def rollback_alarms(settings: ServedAs) -> tuple[str, ...]:
    """The alarms that take an update of the endpoint back, by what they watch; none where AWS updates unguarded."""
    return _ROLLBACK if settings.guarded else ()


class EndpointAlarms(Construct):
    """Alarms on the endpoint `names.endpoint`, told to `topic_arn`, whose policy is `after`.

    `checked`: the endpoint is asked by the calendar, too (`EndpointCheck`).

    They stand whether an endpoint does or not: an update that they may take back finds them there. Errors are shares:
    SageMaker sends 0 or 1 with each request.
    https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html

    Guarantees:
    - errors of the model, of who asks, and latency each have an alarm, with the bounds that settings give;
    - errors and latency have one together, the one that wakes somebody;
    - an asynchronous endpoint has one on the oldest request that waits, any on silence where settings ask for it;
    - no endpoint, or no requests, is no alarm but that on silence, for which requests of the check do not count.

    Controls: SM-41, PLAT-03 (NIST 800-53 SI-4, CP-10, AU-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        project: str,
        settings: ServedAs,
        checked: bool,
        topic_arn: str,
        after: ITerraformDependable,
    ) -> None:
        super().__init__(scope, id_)
        endpoint = names.endpoint(naming, project)
        alarms: list[ITerraformDependable] = []
        for each in _watched(settings):
            percentile = each.statistic if each.statistic.startswith("p") else None
            dimensions = {"EndpointName": endpoint, **({"VariantName": names.VARIANT} if each.by_variant else {})}
            others = _not_of_the_check(project, each, dimensions) if checked and each.below else None
            alarm = CloudwatchMetricAlarm(
                self,
                each.what,
                alarm_name=names.alarm(naming, project, each.what),
                alarm_description=f"{endpoint}: {each.told}",
                namespace=None if others else NAMESPACE,
                metric_name=None if others else each.metric,
                dimensions=None if others else dimensions,
                statistic=None if others or percentile else each.statistic,
                extended_statistic=percentile,
                metric_query=others,
                comparison_operator="LessThanThreshold" if each.below else "GreaterThanThreshold",
                threshold=each.threshold,
                period=None if others else each.period,
                evaluation_periods=each.periods,
                datapoints_to_alarm=each.periods if each.below else min(2, each.periods),
                treat_missing_data="breaching" if each.below else "notBreaching",
                alarm_actions=[topic_arn],
                ok_actions=[topic_arn],
                depends_on=[after],
            )
            alarms.append(alarm)
        UnwellAlarm(self, UNWELL, naming=naming, project=project, after=alarms)


def _watched(settings: ServedAs) -> Iterator[_Watched]:
    bounds, share = settings.thresholds, _shares(settings)
    yield _Watched("errors", share["errors"], "Invocation5XXErrors", "Average", bounds.server_error_percent / 100)
    yield _Watched("refusals", share["refusals"], "Invocation4XXErrors", "Average", bounds.client_error_percent / 100)
    slowest = settings.slowest_ms
    told = f"one answer in a hundred takes longer than {slowest} ms"
    yield _Watched("latency", told, "ModelLatency", "p99", slowest * _MICROSECONDS)
    if settings.mode == "asynchronous":
        oldest = settings.asynchronous.oldest_minutes
        told = f"a request waits for longer than {oldest} minutes"
        yield _Watched("late", told, "ApproximateAgeOfOldestRequest", "Maximum", oldest * 60, by_variant=False)
    if (hours := bounds.silent_hours) is not None:
        # Asynchronous endpoints publish no Invocations.
        metric = "InvocationsProcessed" if settings.mode == "asynchronous" else "Invocations"
        told = f"nobody asked for {hours} hours"
        yield _Watched("silent", told, metric, "Sum", 1, period=_HOUR, periods=hours, below=True)


def _not_of_the_check(
    project: str, asked: _Watched, dimensions: dict[str, str]
) -> list[CloudwatchMetricAlarmMetricQuery]:
    """How often others asked than what checks the endpoint."""
    check = {"service": names.endpoint_check(project)}
    counted = {"asked": (NAMESPACE, asked.metric, dimensions), "checks": (METRICS_NAMESPACE, REQUESTS, check)}
    return [
        *(
            CloudwatchMetricAlarmMetricQuery(
                id=name,
                metric=CloudwatchMetricAlarmMetricQueryMetric(
                    namespace=namespace, metric_name=metric, dimensions=of, stat=asked.statistic, period=asked.period
                ),
            )
            for name, (namespace, metric, of) in counted.items()
        ),
        CloudwatchMetricAlarmMetricQuery(
            id="others", expression="FILL(asked, 0) - FILL(checks, 0)", label="Requests of others", return_data=True
        ),
    ]


def _shares(settings: ServedAs) -> Mapping[str, str]:
    bounds = settings.thresholds
    return {
        "errors": f"the model fails at more than {bounds.server_error_percent:g} % of requests",
        "refusals": f"the model refuses more than {bounds.client_error_percent:g} % of requests",
    }
