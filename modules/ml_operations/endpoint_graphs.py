"""How a served model is asked, answers, costs and drifts, as graphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modules.core.dashboard import Expression, Graph, Metric
from modules.core.naming import Naming
from modules.ml_operations import names
from modules.ml_operations.drift_alarms import invocations
from modules.ml_operations.drift_machine import FAILURES, NAMESPACE, RUNS, VIOLATIONS
from modules.ml_operations.layout import MonitorKind
from modules.ml_operations.serving_settings import ServedAs

_MINUTE, _HOUR = 60, 3600
_SERVICE, _INSTANCES = "AWS/SageMaker", "/aws/sagemaker/Endpoints"
_USE = ("CPUUtilization", "MemoryUtilization", "DiskUtilization", "GPUUtilization", "GPUMemoryUtilization")


def endpoint_graphs(naming: Naming, project: str, settings: ServedAs, *, account: str | None = None) -> Iterator[Graph]:
    """Those of the endpoint; none without one. `account` is its account's id, seen from another account.

    Metrics of GPUs are empty where the instance has none. What an hour costs is the number of instances; the price is
    the account's own. https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
    """
    if not settings.has_endpoint:
        return
    endpoint = {"EndpointName": names.endpoint(naming, project)}
    variant = {**endpoint, "VariantName": names.VARIANT}

    def lines(namespace: str, dimensions: dict[str, str], *metrics: str) -> list[Metric]:
        return [Metric(namespace, metric, dimensions, account) for metric in metrics]

    asked, dimensions = invocations(naming, project, settings.mode)
    yield Graph("Requests", "Sum", _MINUTE, lines(_SERVICE, dimensions, asked))
    errors = lines(_SERVICE, variant, "Invocation4XXErrors", "Invocation5XXErrors")
    yield Graph("Errors, as a share", "Average", _MINUTE, errors)
    latency = lines(_SERVICE, variant, "ModelLatency", "OverheadLatency")
    yield Graph("Microseconds, of one in a hundred", "p99", _MINUTE, latency)
    if settings.mode == "asynchronous":
        waiting = lines(_SERVICE, endpoint, "ApproximateBacklogSize", "HasBacklogWithoutCapacity")
        yield Graph("Waiting requests", "Maximum", _MINUTE, waiting)
    if settings.mode == "serverless":
        return
    yield Graph("Use of the instances, in percent of one", "Average", _MINUTE, lines(_INSTANCES, variant, *_USE))
    # Each instance publishes its use once a minute: so many samples an hour are so many hours to pay for.
    counted = Metric(_INSTANCES, "MemoryUtilization", variant, account, {"id": "samples", "visible": False})
    hours = Expression("samples / 60", "hours", "Instance hours to pay for")
    yield Graph("Cost, as instance hours", "SampleCount", _HOUR, [hours, counted])


def drift_graphs(project: str, kinds: Sequence[MonitorKind], *, account: str | None = None) -> Iterator[Graph]:
    """What its monitors of these kinds found; none without monitors."""
    for metric, title in ((VIOLATIONS, "Runs with violations"), (RUNS, "Runs of monitors"), (FAILURES, "Failed runs")):
        if kinds:
            lines = [Metric(NAMESPACE, metric, {"Kind": kind, "Project": project}, account) for kind in kinds]
            yield Graph(title, "Sum", _HOUR, lines)
