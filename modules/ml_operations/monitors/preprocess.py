"""What SageMaker Model Monitor is told of a captured request and its answer: a flat record for each row asked.

It runs in AWS's container, from this file alone. A row is named as the baseline names it: for data quality the inputs
by their columns and what was predicted by the target's, for the quality of the model what was predicted and how surely.
Of a text stand its measures, as in the baseline. What the model answered, it could read: so what cannot be read here
fails the run, which is told, and is never skipped.
https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-pre-and-post-processing.html
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Mapping
from typing import Any, Protocol

# Environment of the job: the project's target, where the data are watched, and the column of a text, if there is one.
TARGET, TEXT = "MLGOV_TARGET", "MLGOV_TEXT"
_MEASURED = {"capitals": re.compile(r"[A-Z]"), "digits": re.compile(r"[0-9]")}


class Payload(Protocol):
    """One side of a captured call."""

    data: str
    observed_content_type: str


class Record(Protocol):
    """A captured call, as the container reads it."""

    endpoint_input: Payload
    endpoint_output: Payload


def preprocess_handler(inference_record: Record) -> list[dict[str, Any]]:
    """The records of a captured call; the name is the one that the container looks for.

    Raises ValueError or KeyError when request and answer are not what our models take and give.
    """
    asked = _rows(inference_record.endpoint_input)
    answered = json.loads(inference_record.endpoint_output.data)["predictions"]
    if (target := os.environ.get(TARGET)) is None:
        return [dict(answer) for answer in answered]
    return [{**_described(row), target: answer["predicted"]} for row, answer in zip(asked, answered, strict=True)]


def _rows(payload: Payload) -> list[dict[str, Any]]:
    if payload.observed_content_type.startswith("text/csv"):
        return [{name: _value(text) for name, text in row.items()} for row in csv.DictReader(io.StringIO(payload.data))]
    found = json.loads(payload.data)
    return [dict(row) for row in found]


def _value(text: str) -> float | str | None:
    """As pandas read the baseline: numbers as such, and nothing where the field is empty."""
    if text == "":
        return None
    try:
        return float(text)
    except ValueError:
        return text


def _described(row: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(row)
    if (text := os.environ.get(TEXT)) is not None:
        words = str(found.pop(text))
        found |= {"characters": len(words), "words": len(words.split())}
        found |= {what: len(pattern.findall(words)) for what, pattern in _MEASURED.items()}
    return found
