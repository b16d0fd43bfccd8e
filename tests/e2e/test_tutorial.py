"""The tutorial: what it says can be run here is run, as it stands there."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from main import main

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")


def test_every_command_of_the_tutorial_that_can_run_here_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a copy of the small example to the stack of a new project, one command after the other."""
    for folder in ("environments", "examples"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    monkeypatch.chdir(tmp_path)
    commands = [
        line for block in re.findall(r"```console\n(.*?)```", TUTORIAL, re.DOTALL) for line in block.splitlines()
    ]
    assert len(commands) == 8
    for command in commands:
        program, *arguments = shlex.split(command)
        if program == "mlgov":
            assert main(arguments) == 0, command
        else:
            subprocess.run([program, *arguments], check=True)
    assert (tmp_path / "my-stacks" / "stacks" / "workload-build-late-orders" / "cdk.tf.json").is_file()
    assert (tmp_path / "seeds" / "late-orders" / "buildspec-build.yml").is_file()
