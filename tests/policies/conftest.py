"""The scan engine with the real policies, loaded once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from policies.isolation import PACKAGE
from policies.record import Scan, StackFile, StackScan
from tests.policies.support import Json, text

if TYPE_CHECKING:
    from policies.scan.engine import Engine

Scanner = Callable[[Json], StackScan]


@pytest.fixture(scope="session", name="engine")
def _engine() -> Iterator[Engine]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CKV_SKIP_PACKAGE_UPDATE_CHECK", "true")
        from policies.scan.engine import Engine
        from policies.scan.loading import load

        policies = load(PACKAGE)
        assert policies.faults == ()
        yield Engine(policies)


@pytest.fixture(scope="session", name="scan")
def _scan(engine: Engine) -> Scanner:
    """Scan a document; a fault fails the test that asked."""

    def scan(document: Json) -> StackScan:
        found = engine.scan(text(document))
        assert found.faults == ()
        return found

    return scan


@pytest.fixture(name="in_process")
def _in_process(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate scans with the loaded engine instead of a process of its own: the same scan, without its start."""
    monkeypatch.setattr("policies.gate.scan", in_process(engine))


def in_process(engine: Engine) -> Callable[..., Scan]:
    """A scan by the loaded engine, in the form that the gate calls."""

    def scan(stacks: Sequence[StackFile], *, tree: Path, jobs: int) -> Scan:
        return Scan(stacks={stack.id: engine.scan(stack.path.read_bytes(), stack.form) for stack in stacks})

    return scan
