"""How good the predictions are, in the words of SageMaker's model quality reports, and what each step writes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy
import pandas
from sklearn import metrics

from problem import BINARY, REGRESSION, Problem

PREDICTED, PROBABILITY = "predicted", "probability"


def measured(problem: Problem, truth: Any, predicted: Any, probabilities: Any, classes: list[Any]) -> dict[str, float]:
    """All metrics of the problem's kind. `probabilities`: a column for each class, in their order."""
    if problem.kind == REGRESSION:
        return {
            "rmse": float(metrics.mean_squared_error(truth, predicted)) ** 0.5,
            "mae": float(metrics.mean_absolute_error(truth, predicted)),
            "r2": float(metrics.r2_score(truth, predicted)),
        }
    if problem.kind == BINARY:
        return {
            "roc_auc": float(metrics.roc_auc_score(truth, probabilities[:, 1])),
            "average_precision": float(metrics.average_precision_score(truth, probabilities[:, 1])),
            "precision": float(metrics.precision_score(truth, predicted, zero_division=0)),
            "recall": float(metrics.recall_score(truth, predicted, zero_division=0)),
            "f1": float(metrics.f1_score(truth, predicted, zero_division=0)),
            "accuracy": float(metrics.accuracy_score(truth, predicted)),
        }
    return {
        "accuracy": float(metrics.accuracy_score(truth, predicted)),
        "f1_macro": float(metrics.f1_score(truth, predicted, average="macro", zero_division=0)),
        "log_loss": float(metrics.log_loss(truth, probabilities, labels=classes)),
    }


def evaluation(
    problem: Problem, test: pandas.DataFrame, predictions: pandas.DataFrame, values: dict[str, float]
) -> Any:
    """evaluation.json: the metrics, on how many rows, and how often each group is told something favourable.

    Raises ValueError when a metric is no number, so that no gate is passed by it.
    """
    wrong = [name for name, value in values.items() if not numpy.isfinite(value)]
    if wrong:
        raise ValueError(
            f"{', '.join(wrong)} cannot be measured on {len(test)} rows of test data: more rows are needed"
        )
    report: dict[str, Any] = {
        problem.report: {name: {"value": value, "standard_deviation": "NaN"} for name, value in values.items()},
        "rows": len(test),
    }
    if problem.kind != REGRESSION:
        favoured = predictions[PREDICTED].isin(problem.favourable)
        report["facets"] = {
            column: {
                "rows_of_group": int(group.sum()),
                "favourable_of_group": _share(favoured[group]),
                "favourable_of_others": _share(favoured[~group]),
            }
            for column, values_of_group in problem.facets.items()
            for group in [test[column].isin(values_of_group)]
        }
    return report


def predictions(problem: Problem, test: pandas.DataFrame, predicted: Any, certainty: Any | None) -> pandas.DataFrame:
    """What Model Monitor and Clarify judge: truth, what was told and how surely, and the facets."""
    table = test[[problem.target]].assign(**{PREDICTED: predicted})
    if certainty is not None:
        table[PROBABILITY] = certainty
    return pandas.concat([table, test[list(problem.facets)]], axis=1)


def write_json(content: Any, folder: Path, name: str) -> None:
    """The content as a file in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(content, indent=2, sort_keys=True))


def _share(favoured: pandas.Series) -> float | None:
    return float(favoured.mean()) if len(favoured) else None
