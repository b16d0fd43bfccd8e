"""Step Evaluate: how well the model tells data that it has not seen, and by which columns it does.

Columns are weighed by exact SHAP values of trees (https://arxiv.org/abs/1802.03888), in the form of SageMaker Clarify's
analysis.json. Clarify's own explanations start an endpoint, which a job that is cut off from every network cannot ask.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy
import pandas
import xgboost

import report
from archive import unpack
from features import Features
from inference import input_fn, model_fn, output_fn, predict, predict_fn
from problem import BINARY, REGRESSION, Problem
from samples import COUNT, write_samples
from tables import read, write_csv

CSV = "text/csv"
EXPLAINED = 5000  # rows at most, the first: they are in no order


def arguments() -> argparse.ArgumentParser:
    """The folders that the pipeline names."""
    parser = argparse.ArgumentParser(description=__doc__)
    for folder in ("model", "test", "evaluation", "predictions", "explanations", "samples"):
        parser.add_argument(f"--{folder}", type=Path, required=True)
    return parser


def main(argv: Sequence[str] | None = None, problem: Problem | None = None) -> None:
    """Judge the model.tar.gz in --model by --test; write --evaluation, --predictions, --explanations, --samples."""
    folders = arguments().parse_args(argv)
    problem = problem or Problem.load()
    test = read(folders.test, "parquet")
    with tempfile.TemporaryDirectory() as place:
        unpack(folders.model / "model.tar.gz", Path(place))
        booster, features = model_fn(place)
    features.place(test[problem.target])
    predicted, probabilities = predict(booster, features, test)
    values = report.measured(
        problem,
        test[problem.target].to_numpy(),
        predicted_as(test, predicted, problem),
        probabilities,
        features.classes,
    )
    table = report.predictions(problem, test, predicted, certainty(problem, probabilities))
    evaluation = report.evaluation(problem, test, table, values)
    report.write_json(evaluation, folders.evaluation, "evaluation.json")
    write_csv(table, folders.predictions, "predictions.csv")
    report.write_json(explanations(booster, features, test.head(EXPLAINED)), folders.explanations, "analysis.json")
    rows = (test[features.columns].iloc[[number]] for number in range(min(COUNT, len(test))))
    write_samples((row.to_csv(index=False) for row in rows), CSV, served(booster, features), folders.samples)
    print(json.dumps({"message": "evaluated", **values}))


def served(booster: xgboost.Booster, features: Features) -> Callable[[str], str]:
    """What an endpoint answers to a request."""
    return lambda request: output_fn(predict_fn(input_fn(request, CSV), (booster, features)), "application/json")[0]


def predicted_as(test: pandas.DataFrame, predicted: Any, problem: Problem) -> Any:
    """Predictions of the type of the truth, as scikit-learn compares them."""
    return numpy.asarray(predicted).astype(test[problem.target].to_numpy().dtype)


def certainty(problem: Problem, probabilities: Any) -> Any:
    """How sure the model is: of class 1 where there are two, of what it tells where there are more."""
    if problem.kind == REGRESSION:
        return None
    return probabilities[:, 1] if problem.kind == BINARY else probabilities.max(axis=1)


def explanations(booster: xgboost.Booster, features: Features, rows: pandas.DataFrame) -> dict[str, Any]:
    """The mean size of each column's SHAP value, by class where there are several."""
    shap = booster.predict(xgboost.DMatrix(features.encode(rows)), pred_contribs=True)
    labels = shap[:, None, :] if shap.ndim == 2 else shap
    return {
        "version": "1.0",
        "explanations": {
            "kernel_shap": {
                f"label{label}": {
                    "global_shap_values": dict(
                        zip(features.columns, numpy.abs(labels[:, label, :-1]).mean(axis=0).tolist(), strict=True)
                    ),
                    "expected_value": float(labels[:, label, -1].mean()),
                }
                for label in range(labels.shape[1])
            }
        },
    }


if __name__ == "__main__":
    main()
