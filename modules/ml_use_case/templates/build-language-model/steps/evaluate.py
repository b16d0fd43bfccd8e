"""Step Evaluate: how well the model sorts texts that it has not seen, and by which words it does.

Words are weighed by Shapley values, estimated by leaving words out in random orders (Strumbelj and Kononenko 2014).
They stand in the form of SageMaker Clarify's analysis.json. Clarify's own explanations start an endpoint, which a job
that is cut off from every network cannot ask.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy
import pandas

import report
from archive import unpack
from inference import Classifier, input_fn, model_fn, output_fn, predict_fn
from problem import DataError, Problem
from samples import COUNT, write_samples
from tables import read, write_csv

JSON = "application/json"
EXPLAINED, ORDERS, WORDS, LISTED = 25, 4, 24, 50  # texts, orders of each, words of each at the beginning, words told


def arguments() -> argparse.ArgumentParser:
    """The folders that the pipeline names."""
    parser = argparse.ArgumentParser(description=__doc__)
    for folder in ("model", "test", "evaluation", "predictions", "explanations", "samples"):
        parser.add_argument(f"--{folder}", type=Path, required=True)
    return parser


def main(argv: Sequence[str] | None = None, problem: Problem | None = None) -> None:
    """Judge the model.tar.gz in --model by --test; write --evaluation, --predictions, --explanations, --samples.

    Raises DataError when the test data hold a class that the model does not know.
    """
    folders = arguments().parse_args(argv)
    problem = problem or Problem.load()
    test = read(folders.test, "parquet")
    with tempfile.TemporaryDirectory() as place:
        unpack(folders.model / "model.tar.gz", Path(place))
        classifier = model_fn(place)
    unseen = sorted({str(value) for value in test[problem.target] if value not in classifier.classes})
    if unseen:
        raise DataError(f"the target {', '.join(unseen)} was not among the rows of training: it is too rare")
    texts = test[problem.text].fillna("").tolist()
    probabilities = classifier.probabilities(texts)
    predicted = numpy.array(classifier.classes)[probabilities.argmax(axis=1)]
    values = report.measured(
        problem, test[problem.target].tolist(), predicted.tolist(), probabilities, classifier.classes
    )
    table = report.predictions(problem, test, predicted, probabilities.max(axis=1))
    report.write_json(report.evaluation(problem, test, table, values), folders.evaluation, "evaluation.json")
    write_csv(table, folders.predictions, "predictions.csv")
    report.write_json(explanations(classifier, texts[:EXPLAINED]), folders.explanations, "analysis.json")
    requests = (json.dumps({"inputs": [text]}) for text in texts[:COUNT])
    write_samples(requests, JSON, served(classifier), folders.samples)
    print(json.dumps({"message": "evaluated", **values}))


def served(classifier: Classifier) -> Callable[[str], str]:
    """What an endpoint answers to a request."""
    return lambda request: output_fn(predict_fn(input_fn(request, JSON), classifier), JSON)


def explanations(classifier: Classifier, texts: list[str]) -> dict[str, Any]:
    """For each class the mean size of the words' values, the weightiest first."""
    weights: list[dict[str, list[float]]] = [defaultdict(list) for _ in classifier.classes]
    empty = classifier.probabilities([""])[0]
    for number, text in enumerate(texts):
        words = text.split()[:WORDS]
        for word, values in zip(words, shapley(classifier, words, numpy.random.default_rng(number)), strict=True):
            for label, value in enumerate(values):
                weights[label][word.lower()].append(abs(float(value)))
    return {
        "version": "1.0",
        "explanations": {
            "kernel_shap": {
                f"label{label}": {"global_shap_values": _weightiest(words), "expected_value": float(empty[label])}
                for label, words in enumerate(weights)
            }
        },
        "classes": [str(value) for value in classifier.classes],
    }


def shapley(classifier: Classifier, words: list[str], random: numpy.random.Generator) -> Any:
    """For each word what it adds to the probability of each class, on average over random orders.

    The values of a text's words add up to what the text has over the empty one, but for rounding.
    """
    values = numpy.zeros((len(words), len(classifier.classes)))
    for _ in range(ORDERS):
        order = random.permutation(len(words))
        shown = [sorted(order[:length]) for length in range(len(words) + 1)]
        told = classifier.probabilities([" ".join(words[place] for place in places) for places in shown])
        values[order] += numpy.diff(told, axis=0)
    return values / ORDERS


def _weightiest(words: dict[str, list[float]]) -> dict[str, float]:
    means = pandas.Series({word: float(numpy.mean(values)) for word, values in words.items()}, dtype="float64")
    return {str(word): float(value) for word, value in means.nlargest(LISTED).items()}


if __name__ == "__main__":
    main()
