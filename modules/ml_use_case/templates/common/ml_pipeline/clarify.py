"""What SageMaker Clarify is to measure: bias in the data, before a model has learnt, and in what the model says.

What the model says lies in a file beside the truth, so Clarify starts no endpoint, and its jobs are cut off from every
network like all others (https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-processing-job-configure-analysis.html).
"""

from __future__ import annotations

import json
from typing import Any

from ml_pipeline.problem import REGRESSION
from ml_pipeline.settings import Settings, SettingsError

PREDICTED = "predicted"
FOLDERS = {"pre_training_bias": "clarify/data", "post_training_bias": "clarify/model"}


def configurations(settings: Settings, problem: str) -> dict[str, bytes]:
    """The analyses as files below the code. None where the settings name no facet.

    Raises SettingsError when a number is to be told and `favourable` is not the one number above which it is good.
    """
    if not settings.facets:
        return {}
    if problem == REGRESSION and not (len(settings.favourable) == 1 and isinstance(settings.favourable[0], int)):
        raise SettingsError(f"favourable must be one number, above which {settings.target} is good, to measure bias")
    return {
        f"{folder}/analysis_config.json": json.dumps(_analysis(settings, method), indent=2, sort_keys=True).encode()
        for method, folder in FOLDERS.items()
    }


def _analysis(settings: Settings, method: str) -> dict[str, Any]:
    analysis: dict[str, Any] = {
        "version": "1.0",
        "dataset_type": "text/csv",
        "label": settings.target,
        "label_values_or_threshold": list(settings.favourable),
        "facet": [
            {"name_or_index": column, "value_or_threshold": list(values)} for column, values in settings.facets.items()
        ],
        "methods": {method: {"methods": "all"}, "report": {"name": "report", "title": f"Bias: {settings.project}"}},
    }
    if method == "post_training_bias":
        analysis["predicted_label"] = PREDICTED
    return analysis
