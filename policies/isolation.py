"""Runs `policies.scan` in a process of its own, whose environment nothing of the user's can bend.

checkov reads API keys, filters and switches from environment variables and files in HOME, and looks
for its own updates. The child process gets none of them: an empty HOME and working folder, a short
list of variables, and no network (`policies.scan` refuses it). Whatever it prints is a fault.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from policies.record import GateFault, Scan, StackFile

PACKAGE = Path(__file__).parent
KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR")


def scan(stacks: Sequence[StackFile], *, tree: Path, jobs: int) -> Scan:
    """Scan the stacks' files under the policies of `tree`, in `jobs` processes.

    Never raises for what the scan meets: every trouble is a fault of the result.
    """
    with tempfile.TemporaryDirectory(prefix="mlgov-gate-") as folder:
        home = Path(folder)
        job, result = home / "job.json", home / "result.json"
        files = {
            stack.id: {"path": str(stack.path.resolve()), "sha256": stack.sha256, "form": stack.form}
            for stack in stacks
        }
        work = {"tree": str(tree.resolve()), "jobs": jobs, "stacks": files}
        job.write_text(json.dumps(work), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "policies.scan", str(job), str(result)],
            cwd=home,
            env=_environment(home),
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        noise = (done.stderr + done.stdout).strip()
        if done.returncode != 0 or not result.is_file():
            reason = noise or f"exit code {done.returncode}"
            return Scan(faults=(GateFault(kind="scan-died", message=f"the scan ended early: {reason}"),))
        found = Scan.model_validate_json(result.read_bytes())
    if noise:
        printed = GateFault(kind="scan-printed", message=f"a policy or checkov printed: {noise}")
        found = found.model_copy(update={"faults": (*found.faults, printed)})
    return found


def _environment(home: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return kept | {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "PYTHONPATH": str(PACKAGE.parent),
        "PYTHONUTF8": "1",
        "PYTHONHASHSEED": "0",
        # numpy, which checkov brings, else reserves memory for each core: many cores, more than the scan may have
        "OPENBLAS_NUM_THREADS": "1",
        "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true",
        "LOG_LEVEL": "WARNING",
    }
