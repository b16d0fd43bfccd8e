"""What an endpoint runs: rows as CSV with a header, or as JSON records, are told their target."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy
import pandas
import xgboost

from features import Features
from problem import BINARY, REGRESSION

Model = tuple[xgboost.Booster, Features]


def model_fn(model_dir: str) -> Model:
    """The model and its features, from the folder of the unpacked archive."""
    booster = xgboost.Booster()
    booster.load_model(Path(model_dir) / "xgboost-model.ubj")
    return booster, Features.load(Path(model_dir))


def input_fn(body: str | bytes, content_type: str) -> pandas.DataFrame:
    """The rows of a request. Raises ValueError for a type that is not served."""
    text = body.decode() if isinstance(body, bytes) else body
    if content_type == "text/csv":
        return pandas.read_csv(io.StringIO(text))
    if content_type == "application/json":
        return pandas.DataFrame(json.loads(text))
    raise ValueError(f"{content_type} is not served: send text/csv with a header, or application/json records")


def predict_fn(rows: pandas.DataFrame, model: Model) -> pandas.DataFrame:
    """For each row what it is told, and how surely."""
    booster, features = model
    predicted, probabilities = predict(booster, features, rows)
    answer = pandas.DataFrame({"predicted": predicted})
    if features.kind != REGRESSION:
        answer["probability"] = probabilities[:, 1] if features.kind == BINARY else probabilities.max(axis=1)
    return answer


def output_fn(answer: pandas.DataFrame, accept: str) -> tuple[str, str]:
    """The answer as JSON records, whatever is accepted."""
    return json.dumps({"predictions": answer.to_dict(orient="records")}), "application/json"


def predict(booster: xgboost.Booster, features: Features, rows: pandas.DataFrame) -> tuple[Any, Any]:
    """What each row is told, and the probability of each class; none of numbers."""
    raw = booster.predict(xgboost.DMatrix(features.encode(rows)))
    if features.kind == REGRESSION:
        return raw, None
    probabilities = numpy.column_stack([1 - raw, raw]) if features.kind == BINARY else raw
    return numpy.array(features.classes, dtype=object)[probabilities.argmax(axis=1)], probabilities
