"""What all tests share: the settings of an example, and no way to AWS or to a network."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "steps")]
# The SDK makes a client when it is imported, which must know a region; nothing is asked of it.
os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"  # the data are small: threads would only wait for each other


@pytest.fixture(scope="session", name="document")
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((ROOT / "tests" / "settings.example.json").read_text())
    return document


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that asks a network fails, on any machine."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a test asked the network")

    monkeypatch.setattr("socket.socket.connect", refuse)
