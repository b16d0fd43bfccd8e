"""What the delivery tests share: a hand-made synthesis and a way to run a verb on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from delivery.run_result import RunResult, Verb
from delivery.target import Target
from delivery.terraform import run
from tests.support.delivered import Delivered, delivered
from tests.support.stacks import Silent, Synthesis

Deliver = Callable[..., RunResult]


@pytest.fixture
def synthesis(tmp_path: Path) -> Synthesis:
    if not (shutil.which("terraform") or shutil.which("tofu")):
        pytest.skip("neither terraform nor tofu is on PATH: run `make terraform` and put .mlgov/bin on PATH")
    return Synthesis(tmp_path)


@pytest.fixture(name="delivered")
def _delivered(tmp_path: Path) -> Delivered:
    """Two stacks, judged; one is applied, one planned. Terraform is not started."""
    return delivered(tmp_path)


@pytest.fixture
def deliver(synthesis: Synthesis, tmp_path: Path) -> Deliver:
    """`deliver(verb, **options)`: run the verb on everything written so far, as if the gate had passed it."""

    def deliver(verb: Verb, **options: object) -> RunResult:
        given: dict[str, object] = {
            "target": Target.aws(),
            "work": tmp_path / "work",
            "reporter": Silent(),
            "allowed": lambda stack_id, sha256: True,
            "jobs": 2,
            "yes_destroy": "acme",
            **options,
        }
        return run(verb, synthesis.manifest, synthesis.out, **given)  # type: ignore[arg-type]

    return deliver


def statuses(result: RunResult) -> dict[str, str]:
    """Status by stack."""
    return {stack.id: stack.status for stack in result.stacks}
