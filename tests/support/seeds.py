"""Seed repositories as a team gets them, and their tools, run as processes in `.venv/seed`."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from modules.ml_use_case.project_settings import BuildTemplate
from modules.ml_use_case.seed import write_seed

ENVIRONMENT = Path(__file__).parents[2] / ".venv" / "seed"


def seed_repository(template: BuildTemplate, folder: Path) -> Path:
    """The repository in a new folder. Without its environment the test is skipped, under CI it fails."""
    if not (ENVIRONMENT / ".setup").is_file():
        reason = "what seed repositories need is not installed: run `make setup-test` where PyPI can be reached"
        if os.environ.get("CI", "") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    write_seed(template, "demo", folder)
    return folder


def run(repository: Path, *command: str) -> str:
    """What the command of the environment says in the repository, of which it must approve."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    done = subprocess.run(
        [str(ENVIRONMENT / "bin" / command[0]), *command[1:]],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}: {(done.stdout + done.stderr)[-4000:]}"
    return done.stdout
