"""How long `mlgov affected` takes on the reference organisation after one team's change.

On a copy of what synthesis reads, in a git repository of its own: first with nothing remembered, then with the base
remembered alone, then with both sides, as after `mlgov synth --live`. Each run is a new process; a run that does not
find exactly the stacks with the team's budget voids the comparison.

    python -m benchmarks.affected
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from delivery.affected.sides import CODE, ROOT

TEAM, BUDGET = "environments/teams/fraud.yaml", "monthly_budget_usd: { dev: 5000"
EXPECTED = {"fraud-dev-baseline", "management-costs-us-east-1"}


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="mlgov-benchmark-") as scratch:
        project = Path(scratch) / "project"
        for name in (*CODE, "delivery"):
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
            project.mkdir(exist_ok=True)
            copy(ROOT / name, project / name)
        (project / ".gitignore").write_text("__pycache__/\n.mlgov/\n", encoding="utf-8")
        for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "base"]):
            identity = ["-c", "user.name=benchmark", "-c", "user.email=benchmark@example.com"]
            subprocess.run(["git", *identity, *arguments], cwd=project, check=True)
        _change(project, 5001)
        sys.stdout.write(f"nothing remembered    {_seconds(project):5.1f} s\n")
        _change(project, 5002)
        sys.stdout.write(f"the base remembered   {_seconds(project):5.1f} s\n")
        sys.stdout.write(f"both sides remembered {_seconds(project):5.1f} s\n")
    return 0


def _change(project: Path, budget: int) -> None:
    text = (ROOT / TEAM).read_text(encoding="utf-8")
    if BUDGET not in text:
        raise SystemExit(f"{TEAM} holds no {BUDGET!r} any more: change the benchmark")
    changed = text.replace(BUDGET, f"monthly_budget_usd: {{ dev: {budget}")
    (project / TEAM).write_text(changed, encoding="utf-8")


def _seconds(project: Path) -> float:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "main.py", "affected", "--base", "main", "--format", "matrix"]
    began = time.monotonic()
    done = subprocess.run(command, cwd=project, env=environment, check=True, capture_output=True, text=True)
    seconds = time.monotonic() - began
    if set(json.loads(done.stdout)["changed"]) != EXPECTED:
        raise SystemExit(f"void: found {done.stdout}")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
