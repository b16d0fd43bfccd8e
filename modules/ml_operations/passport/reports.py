"""What files of a version say, in the forms of SageMaker's reports. Pure; a file of another form says nothing.

https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-model-quality-metrics.html
https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-processing-job-run.html
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

_BIAS = {"data_bias": "pre_training_bias_metrics", "model_bias": "post_training_bias_metrics"}


def content(file: bytes) -> Mapping[str, Any]:
    """The JSON object in the file; empty where there is none."""
    try:
        found = json.loads(file)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def metric(evaluation: Mapping[str, Any], name: str) -> float | None:
    """The value of the metric in the `..._metrics` of the evaluation that has it; None where it is no finite number."""
    for title, values in evaluation.items():
        if title.endswith("_metrics") and name in _object(values):
            value = _object(_object(values)[name]).get("value")
            if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
                return float(value)
    return None


def bias(report: Mapping[str, Any], what: str) -> tuple[str, ...]:
    """The facets of which the report, `data_bias` or `model_bias`, tells a metric for every group."""
    facets = _object(_object(report.get(_BIAS[what])).get("facets"))
    return tuple(sorted(name for name, groups in facets.items() if _measured(groups)))


def explained(report: Mapping[str, Any]) -> int:
    """By how many columns, or words, the report explains the model, over all labels."""
    methods = _object(report.get("explanations")).values()
    labels = [label for method in methods for label in _object(method).values()]
    return len({name for label in labels for name in _object(_object(label).get("global_shap_values"))})


def _measured(groups: object) -> bool:
    return isinstance(groups, list) and bool(groups) and all(_object(group).get("metrics") for group in groups)


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
