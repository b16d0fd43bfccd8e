"""The generated files by the readers of others: GitHub's and GitLab's schemas, zizmor, actionlint."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from delivery.generated import write
from delivery.pipelines import commands
from delivery.pipelines.pins import FILE
from delivery.pipelines.render import child, pipelines
from tests.delivery.pipelines.test_pipelines import SPLIT
from tests.support import pipelines as said
from tests.support.organisations import ROOT

pytestmark = pytest.mark.e2e  # each is a process of its own

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module", name="github")
def _github(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workflows with every part that a setting adds."""
    root = tmp_path_factory.mktemp("github")
    write(root, pipelines(said.facts("github", findings_role_arn=said.IMPORTER)))
    return root


def _run(*command: object) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_workflows_are_those_of_githubs_schema(github: Path) -> None:
    """So is what Dependabot reads to renew the pins, and the pins' file is an action."""
    _run(BIN / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", *github.rglob("*.yml"))
    _run(BIN / "check-jsonschema", "--builtin-schema", "vendor.dependabot", ROOT / ".github" / "dependabot.yml")
    _run(BIN / "check-jsonschema", "--builtin-schema", "vendor.github-actions", FILE)


def test_the_pipelines_are_those_of_gitlabs_schema(tmp_path: Path) -> None:
    """Parent and child, with every part that a setting adds."""
    facts = said.facts("gitlab", findings_role_arn=said.IMPORTER, runner="ml-platform")
    write(tmp_path, {**pipelines(facts), "child.gitlab-ci.yml": child(facts, SPLIT)})
    _run(BIN / "check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", *tmp_path.rglob("*.yml"))


def test_zizmor_finds_nothing(github: Path) -> None:
    """In its strictest persona, without a network: no injection, no broad permission, no movable action."""
    _run(BIN / "zizmor", "--offline", "--pedantic", "--no-progress", github)
    _run(BIN / "zizmor", "--offline", "--pedantic", "--no-progress", ROOT / ".github")


def test_zizmor_finds_what_is_planted(github: Path, tmp_path: Path) -> None:
    """The check can fail: a movable tag and an expression in a shell are found."""
    file = github / ".github" / "workflows" / "mlgov-pull-request.yml"
    text = file.read_text(encoding="utf-8").replace('"$GITHUB_STEP_SUMMARY"', '"${{ github.head_ref }}"')
    planted = tmp_path / "planted.yml"
    planted.write_text(text.replace("8e8c483db84b4bee98b60c0593521ed34d9990e8 # v6.0.1", "v6"), encoding="utf-8")
    done = subprocess.run(
        [BIN / "zizmor", "--offline", "--no-progress", planted], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode != 0
    assert "template-injection" in done.stdout
    assert "unpinned-uses" in done.stdout


def test_actionlint_finds_nothing(github: Path) -> None:
    """It reads expressions, needs and outputs against each other, and the shell."""
    if not (linter := shutil.which("actionlint")):
        pytest.skip("actionlint is not on PATH: install it (https://github.com/rhysd/actionlint) to have its judgement")
    _run(linter, "-no-color", *github.rglob("*.yml"))


def test_what_commits_allow_reaches_the_jobs_of_its_stacks_alone(tmp_path: Path) -> None:
    """Trailers of the change become options of the stacks that a job has; text that is no name of one does nothing."""
    git = ("git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false", "-C", tmp_path)
    message = (
        "A change\n\n"
        "Mlgov-Allow-Destroy: one:aws_s3_bucket.a\n"
        "Mlgov-Allow-Destroy: two:aws_s3_bucket.b\n"
        "Mlgov-Allow-Destroy: $(touch planted)\n"
        'Mlgov-Accept: data-loss:one:aws_s3_bucket.a["x y"]\n'
    )
    _run("git", "init", "--quiet", tmp_path)
    _run(
        *git, "commit", "--quiet", "--allow-empty", "--message", "Before\n\nMlgov-Allow-Destroy: one:aws_s3_bucket.old"
    )
    _run(*git, "commit", "--quiet", "--allow-empty", "--message", message)
    script = commands.NAMED + 'mapfile -t accepted < <(named Mlgov-Accept --accept "$STACKS")\n'
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script + 'printf "%s\\n" "${destroyed[@]}" "${accepted[@]}"'],
        cwd=tmp_path,
        env=os.environ | {"BASE": "HEAD~1", "STACKS": "one,three"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.splitlines() == [
        "--allow-destroy",
        "one:aws_s3_bucket.a",
        "--accept",
        'data-loss:one:aws_s3_bucket.a["x y"]',
    ]
    assert not (tmp_path / "planted").exists()
