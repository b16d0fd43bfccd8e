"""samples.jsonl: what a release asks an endpoint before the model serves, with what the model answered here.

The requests are rows of the test data, as few as do: they go with the model wherever it goes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

SAMPLES, COUNT = "samples.jsonl", 10


def write_samples(requests: Iterable[str], content_type: str, answer: Callable[[str], str], folder: Path) -> None:
    """A line for each request with its answer, which is JSON."""
    lines = [
        json.dumps(
            {
                "content_type": content_type,
                "accept": "application/json",
                "request": request,
                "answer": answer(request),
            }
        )
        for request in requests
    ]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SAMPLES).write_text("\n".join(lines) + "\n", encoding="utf-8")
