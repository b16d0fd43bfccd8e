"""Step Train: gradient-boosted trees, stopped when the validation data get no better told."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xgboost

from features import Features
from problem import BINARY, MULTICLASS, REGRESSION, Problem
from tables import read

MODEL = "xgboost-model"
SERVED_BY = ("inference.py", "features.py", "problem.py")
OBJECTIVES = {
    BINARY: {"objective": "binary:logistic", "eval_metric": "logloss"},
    MULTICLASS: {"objective": "multi:softprob", "eval_metric": "mlogloss"},
    REGRESSION: {"objective": "reg:squarederror", "eval_metric": "rmse"},
}
_OWN = ("num_round", "early_stopping_rounds")  # the rest is XGBoost's


def arguments() -> argparse.ArgumentParser:
    """The folders of a training job of SageMaker."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, default=Path("/opt/ml/input/data/train"))
    parser.add_argument("--validation", type=Path, default=Path("/opt/ml/input/data/validation"))
    parser.add_argument("--hyperparameters", type=Path, default=Path("/opt/ml/input/config/hyperparameters.json"))
    parser.add_argument("--model", type=Path, default=Path("/opt/ml/model"))
    return parser


def main(argv: Sequence[str] | None = None, problem: Problem | None = None) -> None:
    """Learn from --train and leave the model, its features and what serves it in --model."""
    folders = arguments().parse_args(argv)
    problem = problem or Problem.load()
    given = json.loads(folders.hyperparameters.read_text())
    train, validation = read(folders.train, "parquet"), read(folders.validation, "parquet")
    features = Features.of(train, problem)
    matrices = {
        name: xgboost.DMatrix(features.encode(rows), label=features.place(rows[problem.target]))
        for name, rows in (("train", train), ("validation", validation))
    }
    booster = xgboost.train(
        parameters(given, features),
        matrices["train"],
        num_boost_round=int(given["num_round"]),
        evals=[(matrix, name) for name, matrix in matrices.items()],
        early_stopping_rounds=int(given["early_stopping_rounds"]),
    )
    folders.model.mkdir(parents=True, exist_ok=True)
    booster[: booster.best_iteration + 1].save_model(folders.model / f"{MODEL}.ubj")
    features.save(folders.model)
    code = folders.model / "code"
    code.mkdir(exist_ok=True)
    for name in SERVED_BY:
        shutil.copyfile(Path(__file__).with_name(name), code / name)


def parameters(given: Mapping[str, str], features: Features) -> dict[str, Any]:
    """XGBoost's parameters: the project's, and what its kind of problem demands."""
    own = {name: value for name, value in given.items() if name not in _OWN}
    demanded: dict[str, Any] = {**OBJECTIVES[features.kind], "seed": 7}
    if features.kind == MULTICLASS:
        demanded["num_class"] = len(features.classes)
    return {**own, **demanded}


if __name__ == "__main__":
    main()
