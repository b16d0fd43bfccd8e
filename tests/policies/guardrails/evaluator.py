"""The offline evaluator of IAM as a process of its own: all cases of a run in one call of Node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.support.node import run_node

SCRIPT = Path(__file__).with_name("evaluate.mjs")
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
    job = {
        "documents": documents,
        "cases": [asdict(case) for case in cases],
        "keys": [{"action": action, "keys": names} for action, names in keys],
    }
    return Answers(**run_node(SCRIPT, job))
