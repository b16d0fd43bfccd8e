"""The dashboard of a served model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from constructs import Construct

from modules.core.naming import Naming
from modules.ml_operations import names
from modules.ml_operations.drift_alarms import invocations
from modules.ml_operations.drift_machine import FAILURES, NAMESPACE, RUNS, VIOLATIONS
from modules.ml_operations.layout import MonitorKind
from modules.ml_operations.serving_settings import ServedAs

_WIDTH, _HEIGHT, _ACROSS = 12, 6, 2  # widgets of half the 24 columns
_MINUTE, _HOUR = 60, 3600
_SERVICE, _INSTANCES = "AWS/SageMaker", "/aws/sagemaker/Endpoints"
_USE = ("CPUUtilization", "MemoryUtilization", "DiskUtilization", "GPUUtilization", "GPUMemoryUtilization")

Metric = list[object]


class EndpointDashboard(Construct):
    """The dashboard `<organisation>-<environment>-serving--<project>`: how a model is asked, answers, costs and drifts.

    Metrics of GPUs are empty where the instance has none. What an hour costs is the number of instances; the price is
    the account's own.

    Guarantees: every metric has the dimensions under which AWS, or the drift machine, publishes it.

    Controls: SM-48, PLAT-06 (NIST 800-53 SI-4, AU-6).
    https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        project: str,
        settings: ServedAs,
        kinds: Sequence[MonitorKind],
    ) -> None:
        super().__init__(scope, id_)
        shown = [*_endpoint(naming, project, settings), *_drift(project, kinds)]
        widgets = [
            {
                "type": "metric",
                "x": place % _ACROSS * _WIDTH,
                "y": place // _ACROSS * _HEIGHT,
                "width": _WIDTH,
                "height": _HEIGHT,
                "properties": {
                    "metrics": metrics,
                    "period": period,
                    "region": naming.region,
                    "stat": stat,
                    "title": title,
                    "view": "timeSeries",
                },
            }
            for place, (title, stat, period, metrics) in enumerate(shown)
        ]
        CloudwatchDashboard(
            self,
            "dashboard",
            dashboard_name=naming.name(names.topic(project)),
            dashboard_body=json.dumps({"widgets": widgets}, separators=(",", ":"), sort_keys=True),
        )


def _endpoint(naming: Naming, project: str, settings: ServedAs) -> Iterator[tuple[str, str, int, list[Metric]]]:
    if not settings.has_endpoint:
        return
    endpoint = ["EndpointName", names.endpoint(naming, project)]
    variant = [*endpoint, "VariantName", names.VARIANT]
    asked, dimensions = invocations(naming, project, settings.mode)
    flat = [text for pair in dimensions.items() for text in pair]
    yield "Requests", "Sum", _MINUTE, [[_SERVICE, asked, *flat]]
    errors: list[Metric] = [[_SERVICE, f"Invocation{code}Errors", *variant] for code in ("4XX", "5XX")]
    yield "Errors, as a share", "Average", _MINUTE, errors
    latency: list[Metric] = [[_SERVICE, each, *variant] for each in ("ModelLatency", "OverheadLatency")]
    yield "Microseconds, of one in a hundred", "p99", _MINUTE, latency
    if settings.mode == "asynchronous":
        waiting: list[Metric] = [
            [_SERVICE, each, *endpoint] for each in ("ApproximateBacklogSize", "HasBacklogWithoutCapacity")
        ]
        yield "Waiting requests", "Maximum", _MINUTE, waiting
    if settings.mode == "serverless":
        return
    yield "Use of the instances, in percent of one", "Average", _MINUTE, [[_INSTANCES, use, *variant] for use in _USE]
    # Each instance publishes its use once a minute: so many samples an hour are so many hours to pay for.
    counted: Metric = [_INSTANCES, "MemoryUtilization", *variant, {"id": "samples", "visible": False}]
    hours: Metric = [{"expression": "samples / 60", "id": "hours", "label": "Instance hours to pay for"}]
    yield "Cost, as instance hours", "SampleCount", _HOUR, [hours, counted]


def _drift(project: str, kinds: Sequence[MonitorKind]) -> Iterator[tuple[str, str, int, list[Metric]]]:
    for metric, title in ((VIOLATIONS, "Runs with violations"), (RUNS, "Runs of monitors"), (FAILURES, "Failed runs")):
        if kinds:
            lines: list[Metric] = [[NAMESPACE, metric, "Kind", kind, "Project", project] for kind in kinds]
            yield title, "Sum", _HOUR, lines
