"""Endpoints of SageMaker by their variants, and when each was asked last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from modules.cost_reporting.functions.list_usage.paging import listed
from modules.cost_reporting.functions.list_usage.rows import ENDPOINT, Found, Hour

LOOK_BACK = timedelta(days=30)  # how far back the last invocation is looked for
_AT_ONCE = 500  # metrics in one call of CloudWatch, which takes no more
_UNPAID = ("Creating", "Deleting", "Failed")  # no machine of these is ours yet, or any more
# What CloudWatch counts of an endpoint that answers at once, and of one that answers later. AWS gives the latter no
# `Invocations`: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
_AT_ONCE_METRIC, _LATER_METRIC = "Invocations", "InvocationsProcessed"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A metric that is asked for: of which variant it is, by its place among them."""

    variant: int
    metric: str
    dimensions: Mapping[str, str]


def endpoints(sagemaker: Any, cloudwatch: Any, hour: Hour) -> Iterator[Found]:
    """Every variant that stands, shadows, too; a serverless one has no instances."""
    found: list[Found] = []
    asked: list[_Asked] = []
    for summary in listed(sagemaker, "list_endpoints", "Endpoints"):
        endpoint = sagemaker.describe_endpoint(EndpointName=summary["EndpointName"])
        for variant in _variants(sagemaker, endpoint, hour):
            asked += _metrics(endpoint, variant, len(found))
            found.append(variant)
    counts = _counts(cloudwatch, asked, hour)
    for index, each in enumerate(found):
        told = counts.get(index, {})
        last = max((time for time, count in told.items() if count > 0), default=None)
        yield replace(each, invocations=int(told.get(hour.start, 0)), last_active=last)


def _variants(sagemaker: Any, endpoint: Mapping[str, Any], hour: Hour) -> Iterator[Found]:
    variants = [*endpoint.get("ProductionVariants", ()), *endpoint.get("ShadowProductionVariants", ())]
    if not variants:  # one that failed or is being made has none yet
        yield _found(endpoint, None)
        return
    config = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
    declared = {
        each["VariantName"]: each
        for each in (*config["ProductionVariants"], *config.get("ShadowProductionVariants", ()))
    }
    seconds = 0 if endpoint["EndpointStatus"] in _UNPAID else hour.seconds(endpoint["CreationTime"], None)
    for variant in variants:
        own = declared.get(variant["VariantName"], {})
        yield replace(
            _found(endpoint, variant["VariantName"]),
            instance_type=own.get("InstanceType"),
            instances=variant.get("CurrentInstanceCount", 0) if "InstanceType" in own else 0,
            seconds=seconds,
            serves=_serves(sagemaker, own.get("ModelName")),
        )


def _found(endpoint: Mapping[str, Any], variant: str | None) -> Found:
    return Found(
        ENDPOINT,
        endpoint["EndpointName"],
        endpoint["EndpointArn"],
        endpoint["EndpointStatus"],
        endpoint["CreationTime"],
        part=variant,
    )


def _serves(sagemaker: Any, model: str | None) -> str | None:
    """The groups of the registered versions that the model is made of, with commas."""
    if model is None:  # an endpoint of inference components names no model
        return None
    found = sagemaker.describe_model(ModelName=model)
    containers = [*found.get("Containers", ()), *([found["PrimaryContainer"]] if "PrimaryContainer" in found else ())]
    packages = [each["ModelPackageName"] for each in containers if each.get("ModelPackageName")]
    return ", ".join(sorted({_group(package) for package in packages})) or None


def _group(package: str) -> str:
    """`arn:aws:sagemaker:<region>:<account>:model-package/<group>/<version>`"""
    return package.rpartition(":")[2].removeprefix("model-package/").rpartition("/")[0] or package


def _metrics(endpoint: Mapping[str, Any], variant: Found, index: int) -> Iterator[_Asked]:
    if variant.part is None:
        return
    whole = {"EndpointName": variant.name}
    by_variant = {**whole, "VariantName": variant.part}
    if endpoint.get("AsyncInferenceConfig"):
        yield _Asked(index, _LATER_METRIC, by_variant)
        yield _Asked(index, _LATER_METRIC, whole)
    else:
        yield _Asked(index, _AT_ONCE_METRIC, by_variant)


def _counts(cloudwatch: Any, asked: Sequence[_Asked], hour: Hour) -> dict[int, dict[datetime, float]]:
    """Place of a variant -> beginning of an hour -> how often it was asked within that."""
    found: dict[int, dict[datetime, float]] = {}
    for start in range(0, len(asked), _AT_ONCE):
        part = asked[start : start + _AT_ONCE]
        queries = [_query(f"m{index}", each) for index, each in enumerate(part)]
        request = {"MetricDataQueries": queries, "StartTime": hour.end - LOOK_BACK, "EndTime": hour.end}
        for result in listed(cloudwatch, "get_metric_data", "MetricDataResults", **request):
            counts = found.setdefault(part[int(result["Id"][1:])].variant, {})
            for time, value in zip(result["Timestamps"], result["Values"], strict=True):
                counts[time] = max(counts.get(time, 0), value)
    return found


def _query(id_: str, asked: _Asked) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": value} for name, value in asked.dimensions.items()]
    metric = {"Namespace": "AWS/SageMaker", "MetricName": asked.metric, "Dimensions": dimensions}
    return {"Id": id_, "MetricStat": {"Metric": metric, "Period": 3600, "Stat": "Sum"}}
