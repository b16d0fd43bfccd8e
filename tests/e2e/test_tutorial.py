"""The tutorial: what it says can be run here is run, as it stands there."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.blocks import blocks

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]


def test_every_command_of_the_tutorial_that_can_run_here_does(tmp_path: Path) -> None:
    """From a copy of the small example to the stack of a new project, one command after the other."""
    for folder in ("environments", "examples"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    told = [block for block in blocks(ROOT, "docs/tutorial.md") if block.language == "console"]
    commands = [command.line for block in told for command in block.commands()]
    assert len(commands) == 12
    for command in commands:
        program, *arguments = shlex.split(command)
        started = [sys.executable, str(ROOT / "main.py")] if program == "mlgov" else [program]
        done = subprocess.run([*started, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    assert (tmp_path / "my-stacks" / "stacks" / "workload-build-late-orders" / "cdk.tf.json").is_file()
    for stack in ("platform-release", "workload-operations", "workload-serving"):
        assert (tmp_path / "my-stacks" / "stacks" / f"{stack}-late-orders" / "cdk.tf.json").is_file()
    assert (tmp_path / "seeds" / "late-orders" / "buildspec-build.yml").is_file()
