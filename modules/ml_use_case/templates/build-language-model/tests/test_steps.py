"""The steps on this machine, one after the other, on letters made here and a tiny model of no knowledge."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import numpy
import pandas
import pytest
import torch
from peft import PeftModel
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

import definitions
import evaluate
import inference
import prepare
import train
from problem import MULTICLASS, DataError, Problem

WORDS = {
    "complaint": ["angry", "wrong", "refund", "late"],
    "question": ["how", "when", "please", "explain"],
    "cancellation": ["cancel", "close", "stop", "end"],
}
OTHERS = ["account", "letter", "my", "the", "loan", "monday", "bank", "card"]
ROWS = 240
PROBLEM = Problem(
    kind=MULTICLASS,
    report="multiclass_classification_metrics",
    target="topic",
    favourable=["question"],
    not_inputs=["letter_id"],
    facets={"language": ["other"]},
    text="letter",
    format="jsonl",
)
HYPERPARAMETERS = {
    **{"batch_size": "16", "epochs": "8", "learning_rate": "0.01", "lora_alpha": "16", "lora_dropout": "0.0"},
    **{"lora_rank": "8", "max_tokens": "32"},
}


def letters() -> pandas.DataFrame:
    """Letters whose words say their topic."""
    random = numpy.random.default_rng(3)
    topics = random.choice(list(WORDS), ROWS)
    written = [
        " ".join(random.permutation([*random.choice(WORDS[topic], 3), *random.choice(OTHERS, 4)])) for topic in topics
    ]
    languages = random.choice(["english", "other"], ROWS)
    return pandas.DataFrame({"letter_id": range(ROWS), "letter": written, "topic": topics, "language": languages})


def base_model(folder: Path) -> Path:
    """A model with random weights and a tokenizer of the letters' words, as a team would place one."""
    torch.manual_seed(0)
    tokenizer = Tokenizer(models.WordLevel(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    tokenizer.train_from_iterator(letters()["letter"], trainers.WordLevelTrainer(special_tokens=special))
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    )
    fast.save_pretrained(folder)
    size = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
    config = BertConfig(vocab_size=tokenizer.get_vocab_size(), max_position_embeddings=64, num_labels=5, **size)
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


class Run:
    """The steps in the folders of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "data").mkdir()
        letters().to_json(folder / "data" / "letters.jsonl", orient="records", lines=True)
        prepare.main(self.options("data", "train", "validation", "test", "baseline", "bias", "lineage"), PROBLEM)
        base_model(folder / "base")
        (folder / "hyperparameters").write_text(json.dumps(HYPERPARAMETERS))
        left = ["--model", str(folder / "left")]
        self.losses = train.main([*self.options("train", "validation", "base", "hyperparameters"), *left], PROBLEM)
        (folder / "model").mkdir()
        with tarfile.open(folder / "model" / "model.tar.gz", "w:gz") as archive:
            archive.add(folder / "left", arcname=".")
        judged = ("evaluation", "predictions", "explanations", "samples")
        evaluate.main(self.options("model", "test", *judged), PROBLEM)

    def options(self, *names: str) -> list[str]:
        """The folders as arguments."""
        return [text for name in names for text in (f"--{name}", str(self.folder / name))]


@pytest.fixture(scope="module", name="run")
def _run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return Run(tmp_path_factory.mktemp("run"))


def test_the_loss_falls_and_the_gate_is_passed(run: Run) -> None:
    """Prepare, train and evaluate: adapters tell texts that were not seen, where chance tells a third."""
    assert min(run.losses) < run.losses[0] / 2
    report = json.loads((run.folder / "evaluation" / "evaluation.json").read_text())
    assert report["multiclass_classification_metrics"]["accuracy"]["value"] > 0.8
    assert set(report["facets"]["language"]) == {"rows_of_group", "favourable_of_group", "favourable_of_others"}


def test_the_gate_decides_by_the_report(run: Run, document: dict[str, Any]) -> None:
    """From prepare to the decision: the pipeline's own condition, on what Evaluate wrote, either way."""
    report = json.loads((run.folder / "evaluation" / "evaluation.json").read_text())
    for bound, registered in ((0.8, True), (1.5, False)):
        gate = {"metric": "accuracy", "at_least": bound}
        definition = definitions.text_for(definitions.changed(document, gate=gate))
        assert definitions.passes(definition, report) is registered


def test_the_adapters_reload_and_tell_the_same(run: Run) -> None:
    """The adapters on the model to begin with, and the merged model that is served, agree."""
    served = inference.model_fn(str(run.folder / "left"))
    base = BertForSequenceClassification.from_pretrained(
        run.folder / "base", num_labels=3, ignore_mismatched_sizes=True
    )
    adapted = PeftModel.from_pretrained(base, run.folder / "left" / train.ADAPTER)
    classifier = inference.Classifier(adapted, served.tokenizer, served.classes, served.max_tokens)
    texts = letters()["letter"].head(10).tolist()
    numpy.testing.assert_allclose(classifier.probabilities(texts), served.probabilities(texts), atol=1e-4)


def test_only_adapters_and_head_learn(run: Run) -> None:
    """The adapters are small beside the model."""
    classifier = train.begin(run.folder / "base", ["a", "b"], HYPERPARAMETERS)
    learning = {name for name, each in classifier.model.named_parameters() if each.requires_grad}
    assert learning
    assert all("lora_" in name or "classifier" in name for name in learning)


def test_words_are_weighed_as_they_were_made(run: Run) -> None:
    """The words of the topics weigh more than the others; the values of a text add up to what it is told."""
    analysis = json.loads((run.folder / "explanations" / "analysis.json").read_text())
    weights = analysis["explanations"]["kernel_shap"]["label0"]["global_shap_values"]
    telling = [weights[word] for words in WORDS.values() for word in words if word in weights]
    assert numpy.mean(telling) > 2 * numpy.mean([weights.get(word, 0.0) for word in OTHERS])
    classifier = inference.model_fn(str(run.folder / "left"))
    words = ["please", "explain", "my", "loan"]
    values = evaluate.shapley(classifier, words, numpy.random.default_rng(0))
    whole, empty = classifier.probabilities([" ".join(words), ""])
    numpy.testing.assert_allclose(values.sum(axis=0), whole - empty, atol=1e-5)


def test_the_model_tells_texts_as_its_endpoint_would(run: Run) -> None:
    """A list of texts is told classes; anything else is refused in a sentence."""
    classifier = inference.model_fn(str(run.folder / "left"))
    texts = inference.input_fn(json.dumps({"inputs": ["cancel close stop my account"]}), "application/json")
    [answer] = inference.predict_fn(texts, classifier)
    assert answer["predicted"] == "cancellation"
    assert json.loads(inference.output_fn([answer], "*/*"))["predictions"] == [answer]
    with pytest.raises(ValueError, match="text/csv is not served"):
        inference.input_fn("", "text/csv")
    with pytest.raises(ValueError, match=r'must be \{"inputs"'):
        inference.input_fn('{"inputs": [1]}', "application/json")


def test_samples_are_requests_that_an_endpoint_answers_so(run: Run) -> None:
    """A few texts as an endpoint is asked them, each with what the model answers."""
    lines = (run.folder / "samples" / "samples.jsonl").read_text().splitlines()
    samples = [json.loads(line) for line in lines]
    assert len(samples) == 10
    classifier = inference.model_fn(str(run.folder / "left"))
    for sample in samples:
        told = inference.predict_fn(inference.input_fn(sample["request"], sample["content_type"]), classifier)
        expected = json.loads(sample["answer"])["predictions"]
        assert [each["predicted"] for each in told] == [each["predicted"] for each in expected]


def test_predictions_and_baselines_are_what_clarify_and_model_monitor_read(run: Run) -> None:
    """Truth, prediction and facet; and of the texts their measures, not their words."""
    predictions = pandas.read_csv(run.folder / "predictions" / "predictions.csv")
    assert list(predictions.columns) == ["topic", "predicted", "probability", "language"]
    baseline = pandas.read_csv(run.folder / "baseline" / "baseline.csv")
    assert list(baseline.columns) == ["topic", "language", "characters", "words", "capitals", "digits"]
    assert list(pandas.read_csv(run.folder / "bias" / "data.csv").columns) == ["topic", "language"]


def test_what_serves_the_model_lies_in_it(run: Run) -> None:
    """Model, tokenizer, adapters, classes and code."""
    names = {path.relative_to(run.folder / "left").as_posix() for path in (run.folder / "left").rglob("*")}
    assert {
        "model.safetensors",
        "tokenizer.json",
        "adapter/adapter_config.json",
        "serving.json",
        "code/inference.py",
    } <= names


def test_a_missing_base_model_is_said(tmp_path: Path) -> None:
    """With where to put one."""
    with pytest.raises(DataError, match=r"put one .* below base-model/"):
        train.begin(tmp_path, ["a", "b"], HYPERPARAMETERS)


def test_a_class_that_training_did_not_see_is_refused() -> None:
    """It would be judged as wrong without a word."""
    with pytest.raises(DataError, match="praise was not among the rows of training"):
        train.texts(pandas.DataFrame({"letter": ["good"], "topic": ["praise"]}), PROBLEM, list(WORDS))
