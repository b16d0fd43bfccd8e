"""What reports of a version say, as evaluation details of a model card. Pure.

Reports are those of the build: metrics in the words of SageMaker's model quality reports, and analyses of SageMaker
Clarify. Lengths are within those of the schema of model cards, numbers of entries our own, so that a card, which has
100,000 characters at most, has room for the rest.
https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-processing-job-configure-analysis.html
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MOST_METRICS = 100  # of one report
_NAME, _GROUP, _URI = 100, 63, 1024  # the schema takes names of 255

Report = Mapping[str, Any]
# Name of a group -> name of a metric -> value.
Groups = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Source:
    """A report: what a card calls it, where `ModelMetrics` names it, and how its numbers are found."""

    name: str
    path: tuple[str, str]
    groups: Callable[[Report], Groups]
    of_bias: bool = False

    def uri(self, package: Mapping[str, Any]) -> str | None:
        """Where the version has it; None where it has none."""
        part, kind = self.path
        found: str | None = package.get("ModelMetrics", {}).get(part, {}).get(kind, {}).get("S3Uri")
        return found


def _quality(report: Report) -> Groups:
    """`{"binary_classification_metrics": {"roc_auc": {"value": 0.9}}}`; what else is there is no metric."""
    found = {
        group: dict(_numbers((name, each.get("value")) for name, each in metrics.items() if isinstance(each, Mapping)))
        for group, metrics in report.items()
        if group.endswith("_metrics") and isinstance(metrics, Mapping)
    }
    return {group: values for group, values in found.items() if values}


def _bias(part: str) -> Callable[[Report], Groups]:
    """`{part: {"facets": {column: [{"value_or_threshold": "1", "metrics": [{"name": "DPL", "value": 0.1}]}]}}}`"""

    def groups(report: Report) -> Groups:
        facets: Mapping[str, list[Report]] = report.get(part, {}).get("facets", {})
        return {
            f"{column}: {each['value_or_threshold']}": dict(
                _numbers((metric["name"], metric.get("value")) for metric in each["metrics"])
            )
            for column, values in facets.items()
            for each in values
        }

    return groups


def _explanations(report: Report) -> Groups:
    """`{"explanations": {"kernel_shap": {"label0": {"global_shap_values": {column: 0.1}}}}}`, the largest first."""
    labels: Mapping[str, Report] = report.get("explanations", {}).get("kernel_shap", {})
    found = {}
    for label, each in labels.items():
        values = dict(_numbers(each.get("global_shap_values", {}).items()))
        found[f"Mean size of SHAP values, {label}"] = dict(sorted(values.items(), key=lambda pair: -abs(pair[1])))
    return found


SOURCES = (
    Source("Model quality", ("ModelQuality", "Statistics"), _quality),
    Source("Explanations", ("Explainability", "Report"), _explanations),
    Source("Bias in the data", ("Bias", "PreTrainingReport"), _bias("pre_training_bias_metrics"), of_bias=True),
    Source("Bias of the model", ("Bias", "PostTrainingReport"), _bias("post_training_bias_metrics"), of_bias=True),
)


def details(source: Source, uri: str, report: Report) -> dict[str, Any] | None:
    """The evaluation detail of the report that lies at `uri`; None where it tells no number: it proves nothing.

    Raises what a report of another form raises: KeyError, TypeError, AttributeError.
    """
    groups = {group: values for group, values in source.groups(report).items() if values}
    if not groups:
        return None
    room, shown = MOST_METRICS, []
    for group, values in sorted(groups.items()):
        data = [{"name": name[:_NAME], "type": "number", "value": value} for name, value in list(values.items())[:room]]
        room -= len(data)
        if data:
            shown.append({"name": group[:_GROUP], "metric_data": data})
    every = sum(len(values) for values in groups.values())
    told = f"{MOST_METRICS - room} of {every} metrics of the report"
    return {
        "name": source.name,
        "evaluation_observation": told,
        "metadata": {"report": uri[:_URI]},
        "metric_groups": shown,
    }


def _numbers(found: Any) -> Iterator[tuple[str, float]]:
    for name, value in found:
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            yield str(name), float(value)
