"""The model as it tells texts their class: what an endpoint runs, and what Evaluate judges."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

SERVING = "serving.json"  # classes in the model's order, and the most tokens that it reads
BATCH = 32


@dataclass(frozen=True)
class Classifier:
    """A language model with what it needs to read texts and to name classes."""

    model: Any
    tokenizer: Any
    classes: list[Any]
    max_tokens: int

    def probabilities(self, texts: Sequence[str]) -> Any:
        """For each text the probability of each class."""
        self.model.eval()
        parts = []
        with torch.no_grad():
            for start in range(0, len(texts), BATCH):
                batch = self.read(texts[start : start + BATCH])
                parts.append(self.model(**batch).logits.double().softmax(dim=-1).cpu().numpy())
        return numpy.concatenate(parts)

    def read(self, texts: Sequence[str]) -> dict[str, Any]:
        """The texts as tokens, where the model is: too long ones cut, empty ones one token, as models need."""
        one = self.tokenizer.sep_token or self.tokenizer.eos_token or self.tokenizer.unk_token
        tokens = self.tokenizer(
            [text if text.strip() else one for text in texts],
            truncation=True,
            max_length=self.max_tokens,
            padding=True,
            return_tensors="pt",
        )
        return {name: tensor.to(self.model.device) for name, tensor in tokens.items()}


def device() -> str:
    """The graphics card when there is one."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def model_fn(model_dir: str) -> Classifier:
    """The classifier in the folder of an unpacked archive. No hub is asked."""
    serving = json.loads((Path(model_dir) / SERVING).read_text())
    model = AutoModelForSequenceClassification.from_pretrained(model_dir, local_files_only=True).to(device())
    tokenizer = AutoTokenizer.from_pretrained(model_dir, local_files_only=True)
    return Classifier(model, tokenizer, serving["classes"], serving["max_tokens"])


def input_fn(body: str | bytes, content_type: str) -> list[str]:
    """The texts of a request. Raises ValueError for a type that is not served, and for anything but a list of texts."""
    if content_type != "application/json":
        raise ValueError(f'{content_type} is not served: send application/json, {{"inputs": ["a text"]}}')
    content = json.loads(body)
    texts = content.get("inputs") if isinstance(content, dict) else None
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise ValueError('the request must be {"inputs": ["a text", ...]}')
    return texts


def predict_fn(texts: list[str], classifier: Classifier) -> list[dict[str, Any]]:
    """For each text its class, and how surely."""
    probabilities = classifier.probabilities(texts)
    return [
        {"predicted": classifier.classes[place], "probability": float(row[place])}
        for row, place in zip(probabilities, probabilities.argmax(axis=1), strict=True)
    ]


def output_fn(answer: list[dict[str, Any]], accept: str) -> str:
    """The answer as JSON, whatever is accepted."""
    return json.dumps({"predictions": answer})
