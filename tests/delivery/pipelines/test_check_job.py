"""The job that checks a change, run as GitHub's runner runs it: its shell, in a repository of YAML and live/."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from environments.manifest import FILE_NAME, Manifest
from tests.support import pipelines as said
from tests.support.organisations import ORGANISATIONS, ROOT

pytestmark = pytest.mark.e2e  # it synthesises and judges the small organisation

CHANGED = "management-identity"
SUBJECT = "repo:minnow/platform:ref:refs/heads/main"


@dataclass(frozen=True)
class Job:
    """How the steps of the job ended: exit codes by the step's name, its outputs and its summary."""

    codes: Mapping[str, int]
    outputs: Mapping[str, str]
    summary: str
    said: str


@pytest.fixture(scope="module", name="repository")
def _repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of the small organisation whose last commit changes one stack."""
    root = tmp_path_factory.mktemp("repository")
    shutil.copytree(ORGANISATIONS["minnow"], root / "environments")
    organization = root / "environments" / "organization.yaml"
    text = organization.read_text(encoding="utf-8")
    text = text.replace(SUBJECT, "repo:minnow/platform:environment:mlgov-foundation")
    text = text.replace("  repository: ", "  ci: { host: github }\n  repository: ")
    organization.write_text(text, encoding="utf-8")
    (root / "policies").mkdir()
    shutil.copy(ROOT / "policies" / "waivers.yaml", root / "policies")
    mlgov = root / ".venv" / "bin" / "mlgov"
    mlgov.parent.mkdir(parents=True)
    mlgov.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} {ROOT}/main.py "$@"\n', encoding="utf-8")
    mlgov.chmod(0o755)
    (root / ".gitignore").write_text(".venv/\n.mlgov/\n", encoding="utf-8")
    _call(root, str(mlgov), "ci")
    _call(root, str(mlgov), "synth", "--live")
    live = root / "live"
    manifest = Manifest.read(live)
    stacks = (each.model_copy(update={"sha256": "0" * 64}) if each.id == CHANGED else each for each in manifest.stacks)
    _call(root, "git", "init", "--quiet", "--initial-branch", "main")
    manifest.model_copy(update={"stacks": tuple(stacks)}).write(live)
    _commit(root, "before")
    manifest.write(live)
    _commit(root, "after")
    return root


@pytest.fixture(scope="module", name="good")
def _good(repository: Path) -> Job:
    return _run(repository)


def test_a_good_change_passes_every_step(repository: Path, good: Job) -> None:
    """Each step ends well, and the gate's summary is the job's."""
    assert set(good.codes.values()) == {0}, good.said
    assert good.summary
    assert good.summary == (repository / "gate.md").read_text(encoding="utf-8")


def test_the_jobs_that_follow_are_those_of_the_changed_stack(good: Job) -> None:
    """The stack that differs is planned; the waves hold it and what is downstream, as JSON that GitHub can read."""
    plans, waves = json.loads(good.outputs["plans"]), json.loads(good.outputs["waves"])
    assert [(job["stacks"], job["waits"]) for job in plans] == [(CHANGED, False)]
    first, *others = [wave for wave in waves if wave["jobs"]]
    assert first["jobs"] == [{"name": "foundation", "tier": "foundation", "stacks": CHANGED, "planned": True}]
    assert len(waves) == said.facts("github").waves
    assert len(others) < len(waves)
    assert json.loads(good.outputs["by_hand"]) == []


def test_a_stack_that_is_not_of_the_yaml_stops_the_job(repository: Path) -> None:
    """Somebody edits live/ by hand: the comparison with the YAML fails with exit code 2, and no step follows."""
    stack = next((repository / "live").rglob("cdk.tf.json"))
    whole = stack.read_bytes()
    stack.write_bytes(whole.replace(b"}", b" }", 1))
    try:
        job = _run(repository, until="Judge the stacks")
    finally:
        stack.write_bytes(whole)
    assert job.codes["Compare live/ with the YAML"] == 2, job.said
    assert "Judge the stacks" not in job.codes
    assert job.outputs == {}


def _run(repository: Path, until: str = "") -> Job:
    """Run the steps one after the other, up to the first that fails, as bash does it on the runner."""
    files = {name: repository / ".mlgov" / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.parent.mkdir(exist_ok=True)
        file.write_text("", encoding="utf-8")
    document = said.documents(said.facts("github"))["mlgov-pull-request.yml"]
    codes: dict[str, int] = {}
    told = ""
    for step in document["jobs"]["check"]["steps"]:
        if "run" not in step or step["name"] == "Set up mlgov":
            continue
        given = {name: _evaluated(value) for name, value in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=repository,
            env=os.environ | {name: str(path) for name, path in files.items()} | given,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        codes[step["name"]] = done.returncode
        told += done.stdout + done.stderr
        if done.returncode or step["name"] == until:
            break
    outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines())
    return Job(codes, outputs, files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8"), told)


def _evaluated(value: str) -> str:
    """GitHub's expressions as they are in this pull request, whose base is the commit before."""
    known = {
        "github.server_url": "https://github.com",
        "github.repository": "minnow/platform",
        "github.sha": "c" * 40,
        "github.base_ref": "main",
    }
    text = re.sub(r"\$\{\{ ([\w.]+) \}\}", lambda match: known[match[1]], value)
    return "HEAD~1" if text == "origin/main" else text


def _call(cwd: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def _commit(root: Path, message: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    _call(root, "git", "add", "--all")
    _call(root, "git", *identity, "commit", "--quiet", "--message", message)


def test_the_stack_and_its_reader_are_of_the_organisation(repository: Path) -> None:
    """Else the tests above would prove nothing."""
    assert (repository / "live" / FILE_NAME).is_file()
    assert CHANGED in {entry.id for entry in Manifest.read(repository / "live").stacks}
