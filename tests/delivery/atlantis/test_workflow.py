"""What the server runs of a pull request, as it runs it: `sh -c`, in the project's folder, with its variables."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import main
from delivery.atlantis.model import ServerConfig
from delivery.atlantis.steps import Stage
from delivery.atlantis.text import read
from tests.environments.committed import taken_from
from tests.support.organisations import Synthesised

ROOT = Path(__file__).parents[3]
PROJECT, FOLDER = "workload-hooks", "live/org/workload/hooks"

pytestmark = pytest.mark.e2e


@pytest.fixture(name="clone", scope="module")
def _clone(tmp_path_factory: pytest.TempPathFactory, synthesised: Synthesised) -> Path:
    """A clone of a repository that commits its Terraform: the small organisation."""
    root = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "examples" / "small", root / "environments")
    (root / "environments" / "terraform.lock.hcl").write_text("# as Terraform writes it\n", encoding="utf-8")
    (root / "policies").mkdir()
    shutil.copy(ROOT / "policies" / "waivers.yaml", root / "policies")
    config = ["--config", str(root / "environments")]
    with pytest.MonkeyPatch.context() as patched:
        taken_from(synthesised("minnow"), patched)
        assert main.main(["synth", "--live", "--out", str(root / "live"), *config]) == 0
    assert main.main(["atlantis", "--root", str(root), *config]) == 0
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    binary = root.parent / "bin"
    binary.mkdir(exist_ok=True)
    (binary / "mlgov").write_text(f'#!/bin/sh\nexec "{sys.executable}" "{ROOT / "main.py"}" "$@"\n', encoding="utf-8")
    (binary / "mlgov").chmod(0o755)
    return root


def stage(clone: Path, workflow: str, name: str) -> Stage:
    text = (clone / ".atlantis" / "repos.yaml").read_text(encoding="utf-8")
    found = getattr((read(ServerConfig, text, "repos.yaml").workflows or {})[workflow], name)
    assert isinstance(found, Stage)
    return found


def ran(clone: Path, command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The command as Atlantis runs a step of the project."""
    variables = {
        **os.environ,
        "HOME": str(clone.parent / "home"),
        "PATH": f"{clone.parent / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PROJECT_NAME": PROJECT,
        "REPO_REL_DIR": FOLDER,
        "PULL_NUM": "7",
        "COMMENT_ARGS": "",
        **more,
    }
    return subprocess.run(
        ["sh", "-c", command],
        cwd=clone / FOLDER,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_a_project_is_guarded_and_judged(clone: Path) -> None:
    """The guard is silent, the gate says ok, and what it kept lies on the server, not in the clone."""
    guard = (stage(clone, "mlgov-foundation", "plan").steps or [])[0]
    done = ran(clone, guard.command)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    gate = (stage(clone, "mlgov-foundation", "policy_check").steps or [])[0]
    judged = ran(clone, gate.command)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert judged.stdout.startswith("ok: ")
    assert "fail" not in (judged.stdout + judged.stderr).lower()
    assert (clone.parent / "home" / ".mlgov" / "7" / "minnow" / "gate" / "verdict.json").is_file()
    assert not (clone / ".mlgov").exists()


def test_another_workflow_does_not_take_it(clone: Path) -> None:
    """A pull request that gives its project the workflow of another tier is stopped before a role is taken."""
    guard = (stage(clone, "mlgov-production", "plan").steps or [])[0]
    done = ran(clone, guard.command)
    assert done.returncode == 3
    assert "gives it the workflow mlgov-foundation, and this is mlgov-production" in done.stderr
    assert ran(clone, (stage(clone, "mlgov-foundation", "apply").steps or [])[0].command, COMMENT_ARGS="-x").returncode
