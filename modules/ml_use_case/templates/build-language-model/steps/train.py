"""Step Train: a small language model learns to sort texts, by low-rank adapters (https://arxiv.org/abs/2106.09685).

Only the adapters and the head learn. The archive holds them, and the model into which they are merged for serving.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
# Packages that the container lacks come as wheels with the code: an isolated job can install nothing.
sys.path[:0] = [str(wheel) for wheel in sorted((HERE / "wheels").glob("*.whl"))]

import pandas  # noqa: E402
import torch  # noqa: E402
from peft import LoraConfig, TaskType, get_peft_model  # noqa: E402
from transformers import AutoModelForSequenceClassification, AutoTokenizer  # noqa: E402

from inference import SERVING, Classifier, device  # noqa: E402
from problem import DataError, Problem  # noqa: E402
from tables import read  # noqa: E402

ADAPTER = "adapter"
SEED = 7


def arguments() -> argparse.ArgumentParser:
    """The folders of a training job of SageMaker."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, default=Path("/opt/ml/input/data/train"))
    parser.add_argument("--validation", type=Path, default=Path("/opt/ml/input/data/validation"))
    parser.add_argument("--base", type=Path, default=Path("/opt/ml/input/data/base"))
    parser.add_argument("--hyperparameters", type=Path, default=Path("/opt/ml/input/config/hyperparameters.json"))
    parser.add_argument("--model", type=Path, default=Path("/opt/ml/model"))
    return parser


def main(argv: Sequence[str] | None = None, problem: Problem | None = None) -> list[float]:
    """Learn from --train, keep what tells --validation best, and leave it in --model; the validation losses.

    Raises DataError when the validation data hold a class that the training data lack.
    """
    folders = arguments().parse_args(argv)
    problem = problem or Problem.load()
    given = json.loads(folders.hyperparameters.read_text())
    torch.manual_seed(SEED)
    train, validation = read(folders.train, "parquet"), read(folders.validation, "parquet")
    classes = sorted(train[problem.target].unique().tolist())
    classifier = begin(folders.base, classes, given)
    losses = learn(classifier, texts(train, problem, classes), texts(validation, problem, classes), given)
    leave(classifier, folders.model)
    return losses


def begin(base: Path, classes: list[Any], given: Mapping[str, str]) -> Classifier:
    """The model to begin with, with a new head for the classes, and adapters in all its linear layers.

    Raises DataError when no model lies there.
    """
    if not (base / "config.json").is_file():
        raise DataError(
            f"{base} holds no language model: put one (config.json, weights, tokenizer) below base-model/ of the bucket"
        )
    tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    model = AutoModelForSequenceClassification.from_pretrained(
        base,
        local_files_only=True,
        num_labels=len(classes),
        id2label={place: str(value) for place, value in enumerate(classes)},
        label2id={str(value): place for place, value in enumerate(classes)},
        ignore_mismatched_sizes=True,
    )
    model.config.pad_token_id = tokenizer.pad_token_id
    adapters = LoraConfig(
        task_type=TaskType.SEQ_CLS,
        r=int(given["lora_rank"]),
        lora_alpha=int(given["lora_alpha"]),
        lora_dropout=float(given["lora_dropout"]),
        target_modules="all-linear",
    )
    return Classifier(get_peft_model(model, adapters).to(device()), tokenizer, classes, int(given["max_tokens"]))


def texts(rows: pandas.DataFrame, problem: Problem, classes: list[Any]) -> tuple[list[str], list[int]]:
    """Texts and the places of their classes. Raises DataError for a class that training did not see."""
    unseen = sorted({str(value) for value in rows[problem.target] if value not in classes})
    if unseen:
        raise DataError(f"the target {', '.join(unseen)} was not among the rows of training: it is too rare")
    return rows[problem.text].fillna("").tolist(), [classes.index(value) for value in rows[problem.target]]


def learn(
    classifier: Classifier,
    train: tuple[list[str], list[int]],
    validation: tuple[list[str], list[int]],
    given: Mapping[str, str],
) -> list[float]:
    """Fit the adapters and keep those of the epoch that told the validation texts best; its losses, epoch by epoch."""
    learning = [parameter for parameter in classifier.model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=float(given["learning_rate"]))
    best: dict[str, Any] = {}
    losses: list[float] = []
    for epoch in range(int(given["epochs"])):
        classifier.model.train()
        total = 0.0
        for batch, labels in batches(train, int(given["batch_size"]), epoch):
            optimizer.zero_grad()
            loss = classifier.model(**classifier.read(batch), labels=labels.to(classifier.model.device)).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learning, 1.0)
            optimizer.step()
            total += float(loss.detach()) * len(batch)
        losses.append(judged(classifier, validation))
        print(f"epoch={epoch} train_loss={total / len(train[0]):.6f} validation_loss={losses[-1]:.6f}", flush=True)
        if losses[-1] == min(losses):
            state = classifier.model.state_dict()
            names = {name for name, parameter in classifier.model.named_parameters() if parameter.requires_grad}
            best = {name: value.detach().clone() for name, value in state.items() if name in names}
    classifier.model.load_state_dict(best, strict=False)
    return losses


def batches(data: tuple[list[str], list[int]], size: int, epoch: int) -> Iterator[tuple[list[str], torch.Tensor]]:
    """The texts with their classes, in an order that differs from epoch to epoch and not from run to run."""
    order = torch.randperm(len(data[0]), generator=torch.Generator().manual_seed(SEED + epoch)).tolist()
    for start in range(0, len(order), size):
        places = order[start : start + size]
        yield [data[0][place] for place in places], torch.tensor([data[1][place] for place in places])


def judged(classifier: Classifier, data: tuple[list[str], list[int]]) -> float:
    """The mean loss of the texts."""
    probabilities = torch.tensor(classifier.probabilities(data[0]))
    return float(torch.nn.functional.nll_loss(probabilities.clamp_min(1e-12).log(), torch.tensor(data[1])))


def leave(classifier: Classifier, folder: Path) -> None:
    """Write the adapters, the model that they are merged into, the tokenizer, and what serves it."""
    folder.mkdir(parents=True, exist_ok=True)
    classifier.model.save_pretrained(folder / ADAPTER)
    classifier.model.merge_and_unload().save_pretrained(folder)
    classifier.tokenizer.save_pretrained(folder)
    (folder / SERVING).write_text(json.dumps({"classes": classifier.classes, "max_tokens": classifier.max_tokens}))
    (folder / "code").mkdir(exist_ok=True)
    shutil.copyfile(HERE / "inference.py", folder / "code" / "inference.py")


if __name__ == "__main__":
    main()
