"""What end-to-end tests share: the small organisation, applied once for the files that look at it.

`tests/conftest.py` keeps these files in one worker.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from delivery.emulator import Emulator
from environments.graph import StackGraph
from environments.load import load
from tests.e2e.world import World

ROOT = Path(__file__).parents[2]


def demo(place: Path, config: str, *more: str) -> str:
    """Run the demo as a user would; returns what it printed."""
    folders = ("--out", str(place / "out"), "--work", str(place / "work"))
    done = subprocess.run(
        [sys.executable, "main.py", "demo", "--config", config, *folders, *more],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "160"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@contextmanager
def applied(place: Path, config: str) -> Iterator[World]:
    """The organisation after the demo, on an embedded AWS that still runs."""
    management = StackGraph(load(ROOT / config)).management.id or ""
    with Emulator(place / "emulator.log", management_account=management) as emulator:
        printed = demo(place, config, "--emulated", emulator.endpoint)
        yield World(emulator.environment(), place, printed)


@pytest.fixture(scope="session", name="world")
def _world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with applied(tmp_path_factory.mktemp("minnow"), "examples/small") as world:
        yield world
