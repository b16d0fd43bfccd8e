"""What kind of problem a project solves: its gate's metric says it."""

from __future__ import annotations

from typing import Any

from ml_pipeline.settings import Settings, SettingsError

BINARY, MULTICLASS, REGRESSION = "BinaryClassification", "MulticlassClassification", "Regression"
# The words of SageMaker Model Monitor, and the reports in which it expects their metrics.
REPORTS = {
    BINARY: "binary_classification_metrics",
    MULTICLASS: "multiclass_classification_metrics",
    REGRESSION: "regression_metrics",
}
METRICS = {
    BINARY: ("roc_auc", "average_precision", "precision", "recall", "f1"),
    MULTICLASS: ("accuracy", "f1_macro", "log_loss"),
    REGRESSION: ("rmse", "mae", "r2"),
}


def kind(settings: Settings, allowed: tuple[str, ...]) -> str:
    """The kind of problem. Raises SettingsError for a metric that no kind that the template solves has."""
    for each in allowed:
        if settings.gate.metric in METRICS[each]:
            return each
    known = ", ".join(metric for each in allowed for metric in METRICS[each])
    raise SettingsError(f"gate.metric {settings.gate.metric!r} is none that {settings.template} measures: {known}")


def document(settings: Settings, problem: str) -> dict[str, Any]:
    """problem.json, from which the steps know what to do. It lies beside them: arguments have no room."""
    return {
        "kind": problem,
        "report": REPORTS[problem],
        "target": settings.target,
        "favourable": list(settings.favourable),
        "not_inputs": list(settings.not_inputs),
        "facets": {column: list(values) for column, values in settings.facets.items()},
        "text": settings.text,
        "format": settings.data.get("format", "parquet"),
    }
