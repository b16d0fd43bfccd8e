"""The steps on this machine, one after the other, on data made here."""

from __future__ import annotations

import json
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pandas
import pytest

import definitions
import evaluate
import inference
import prepare
import train
from features import Features
from problem import BINARY, MULTICLASS, REGRESSION, DataError, Problem
from tables import clean, read, split

ROWS = 800
PROBLEM = Problem(
    kind=BINARY,
    report="binary_classification_metrics",
    target="is_fraud",
    favourable=[0],
    not_inputs=["payment_id"],
    facets={"channel": ["online"]},
    text=None,
    format="parquet",
)


def payments() -> pandas.DataFrame:
    """Payments: dear ones online are mostly fraud."""
    random = numpy.random.default_rng(1)
    amount = random.gamma(2, 40, ROWS).round(2)
    channel = random.choice(["online", "shop", None], ROWS, p=[0.45, 0.5, 0.05])
    surely = (amount > 90) & (channel == "online")
    return pandas.DataFrame(
        {
            "payment_id": [f"p{number}" for number in range(ROWS)],
            "amount": amount,
            "channel": channel,
            "age": random.integers(18, 90, ROWS),
            "is_fraud": surely ^ (random.random(ROWS) < 0.04),
        }
    )


class Run:
    """The steps in the folders of one run."""

    def __init__(self, folder: Path, problem: Problem, data: pandas.DataFrame) -> None:
        self.folder, self.problem = folder, problem
        self.place("data")
        data.to_parquet(folder / "data" / "result.parquet", index=False)
        prepare.main(self.options("data", "train", "validation", "test", "baseline", "bias", "lineage"), problem)
        given = json.loads(Path(train.__file__).with_name("hyperparameters.json").read_text()) | {"num_round": "40"}
        (folder / "hyperparameters").write_text(json.dumps(given))
        train.main(
            [*self.options("train", "validation"), *self.options("hyperparameters"), "--model", str(folder / "left")],
            problem,
        )
        with tarfile.open(self.place("model") / "model.tar.gz", "w:gz") as archive:
            archive.add(folder / "left", arcname=".")
        judged = ("evaluation", "predictions", "explanations", "samples")
        evaluate.main(self.options("model", "test", *judged), problem)

    def place(self, name: str) -> Path:
        """A folder of the run."""
        (self.folder / name).mkdir(exist_ok=True)
        return self.folder / name

    def options(self, *names: str) -> list[str]:
        """The folders as arguments."""
        return [text for name in names for text in (f"--{name}", str(self.folder / name))]

    def json(self, folder: str, name: str) -> dict[str, dict[str, dict[str, float]]]:
        """A report that a step wrote."""
        report: dict[str, dict[str, dict[str, float]]] = json.loads((self.folder / folder / name).read_text())
        return report


@pytest.fixture(scope="module", name="run")
def _run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return Run(tmp_path_factory.mktemp("run"), PROBLEM, payments())


def test_a_model_is_learnt_and_passes_a_gate_that_chance_fails(run: Run) -> None:
    """Prepare, train and evaluate: the report has the metric where the gate looks, well above a coin's."""
    metrics = run.json("evaluation", "evaluation.json")["binary_classification_metrics"]
    assert 0.8 < metrics["roc_auc"]["value"] <= 1


def test_the_gate_decides_by_the_report(run: Run, document: dict[str, Any]) -> None:
    """From prepare to the decision: the pipeline's own condition, on what Evaluate wrote, either way."""
    report = json.loads((run.folder / "evaluation" / "evaluation.json").read_text())
    for bound, registered in ((0.8, True), (1.5, False)):
        gate = {"metric": "roc_auc", "at_least": bound}
        definition = definitions.text_for(definitions.changed(document, gate=gate))
        assert definitions.passes(definition, report) is registered


def test_no_row_is_in_two_parts(run: Run) -> None:
    """Equal rows fall into the same part, and each part has some."""
    parts = split(clean(payments(), PROBLEM))
    rows = {name: set(map(tuple, part.astype(str).to_numpy())) for name, part in parts.items()}
    assert all(rows.values())
    assert not rows["train"] & rows["test"]
    assert not rows["train"] & rows["validation"]
    assert not rows["validation"] & rows["test"]


def test_a_row_stays_in_its_part_when_rows_are_added() -> None:
    """What a former model was judged by is not learnt by the next one."""
    before, after = split(clean(payments().head(400), PROBLEM)), split(clean(payments(), PROBLEM))
    assert set(map(tuple, before["test"].astype(str).to_numpy())) <= set(
        map(tuple, after["test"].astype(str).to_numpy())
    )


def test_predictions_are_what_clarify_and_model_monitor_read(run: Run) -> None:
    """Truth, prediction, probability and each facet, with a header; true and false as 1 and 0."""
    predictions = pandas.read_csv(run.folder / "predictions" / "predictions.csv")
    assert list(predictions.columns) == ["is_fraud", "predicted", "probability", "channel"]
    assert set(predictions["is_fraud"]) == set(predictions["predicted"]) == {0, 1}
    assert predictions["probability"].between(0, 1).all()
    assert list(pandas.read_csv(run.folder / "bias" / "data.csv").columns) == ["is_fraud", "channel"]


def test_the_evaluation_compares_each_group_with_the_others(run: Run) -> None:
    """Payments online are told to be no fraud less often than others, as they were made."""
    groups = run.json("evaluation", "evaluation.json")["facets"]["channel"]
    assert groups["favourable_of_group"] < groups["favourable_of_others"]


def test_columns_are_weighed_as_they_were_made(run: Run) -> None:
    """The amount and the channel carry the model, the age does not; what is no input has no weight."""
    weights = run.json("explanations", "analysis.json")["explanations"]["kernel_shap"]["label0"]["global_shap_values"]
    assert set(weights) == {"amount", "channel", "age"}
    assert weights["amount"] > weights["age"]  # type: ignore[operator]
    assert weights["channel"] > weights["age"]  # type: ignore[operator]


def test_samples_are_requests_that_an_endpoint_answers_so(run: Run) -> None:
    """A few rows as an endpoint is asked them, without the target; each with what the model answers."""
    lines = (run.folder / "samples" / "samples.jsonl").read_text().splitlines()
    samples = [json.loads(line) for line in lines]
    assert len(samples) == 10
    model = inference.model_fn(str(run.folder / "left"))
    for sample in samples:
        rows = inference.input_fn(sample["request"], sample["content_type"])
        assert PROBLEM.target not in rows
        assert sample["answer"] == inference.output_fn(inference.predict_fn(rows, model), sample["accept"])[0]


def test_the_model_tells_rows_as_its_endpoint_would(run: Run) -> None:
    """Rows as CSV or JSON are told the same; an unknown word and a missing one too."""
    model = inference.model_fn(str(run.folder / "left"))
    records = [{"amount": 500.0, "channel": "online", "age": 30}, {"amount": 3.0, "channel": "never seen", "age": None}]
    by_json = inference.predict_fn(inference.input_fn(json.dumps(records), "application/json"), model)
    by_csv = inference.predict_fn(
        inference.input_fn(b"amount,channel,age\n500.0,online,30\n3.0,,\n", "text/csv"), model
    )
    assert by_json["predicted"].tolist() == by_csv["predicted"].tolist() == [1, 0]
    answer, content_type = inference.output_fn(by_json, "*/*")
    assert content_type == "application/json"
    assert len(json.loads(answer)["predictions"]) == 2
    with pytest.raises(ValueError, match="image/png is not served"):
        inference.input_fn("", "image/png")


def test_what_serves_the_model_lies_in_it(run: Run) -> None:
    """The archive holds the model, its features and the code that reads them."""
    with tarfile.open(run.folder / "model" / "model.tar.gz") as archive:
        names = set(archive.getnames())
    assert {"./xgboost-model.ubj", "./features.json", "./code/inference.py", "./code/features.py"} <= names


def test_lineage_says_which_data_it_was(run: Run, tmp_path: Path) -> None:
    """The same rows have the same digest, others another; rows are counted."""
    lineage = run.json("lineage", "lineage.json")
    assert lineage["rows"] == str(ROWS)
    assert len(str(lineage["sha256"])) == 64


@pytest.mark.parametrize(
    ("kind", "report", "metric", "target"),
    [
        (MULTICLASS, "multiclass_classification_metrics", "f1_macro", "band"),
        (REGRESSION, "regression_metrics", "r2", "price"),
    ],
)
def test_classes_and_numbers_are_told_too(kind: str, report: str, metric: str, target: str, tmp_path: Path) -> None:
    """Three classes, and a number: the report has its kind's metrics."""
    data = payments()
    data["band"] = pandas.cut(data["amount"], [0, 50, 100, 10_000], labels=["low", "middle", "high"]).astype(str)
    data["price"] = data["amount"] * 2 + data["age"]
    problem = replace(
        PROBLEM, kind=kind, report=report, target=target, not_inputs=["payment_id", "is_fraud", "band", "price"]
    )
    problem = replace(problem, not_inputs=[each for each in problem.not_inputs if each != target], favourable=["low"])
    values = Run(tmp_path, problem, data).json("evaluation", "evaluation.json")[report]
    assert values[metric]["value"] > 0.8


@pytest.mark.parametrize(
    ("data", "problem", "message"),
    [
        (payments().drop(columns="is_fraud"), PROBLEM, "no column is_fraud"),
        (payments().head(20), PROBLEM, "20 rows have a is_fraud; 50 are the fewest"),
        (payments().assign(paid=pandas.Timestamp("2026-01-01")), PROBLEM, "paid holds neither numbers nor text"),
        (payments().assign(is_fraud=True), PROBLEM, "there is nothing to tell apart"),
        (payments().assign(is_fraud=payments()["channel"]), PROBLEM, "needs 0 and 1"),
        (payments(), replace(PROBLEM, target="channel", kind=REGRESSION, facets={}), "must hold numbers"),
    ],
)
def test_data_that_do_not_fit_are_refused(data: pandas.DataFrame, problem: Problem, message: str) -> None:
    """The error says which column, and what to do."""
    with pytest.raises(DataError, match=message):
        clean(data, problem)


def test_what_athena_writes_beside_rows_is_not_read(tmp_path: Path) -> None:
    """Several files are one table; without any the error says why."""
    for name in ("0001_part", "0002_part"):
        payments().head(10).to_parquet(tmp_path / name, index=False)
    for name in ("result.csv.metadata", "result-manifest.csv", "_SUCCESS"):
        (tmp_path / name).write_text("no rows")
    assert len(read(tmp_path, "parquet")) == 20
    with pytest.raises(DataError, match="holds no file: the query answered nothing"):
        read(tmp_path / "empty", "parquet")


def test_a_class_that_training_did_not_see_is_refused() -> None:
    """It would be judged as wrong without a word."""
    features = Features.of(pandas.DataFrame({"x": [1, 2], "is_fraud": [0, 1]}), PROBLEM)
    with pytest.raises(DataError, match="2 was not among the rows of training"):
        features.place(pandas.Series([0, 2]))
