"""A pull request from its edit to a clean second plan, by the verbs that Atlantis and pipelines run, in their order.

The project is one as users have it: YAML and committed Terraform in git. It changes what stands in the embedded AWS, so
`tests/conftest.py` has it run last.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import ROOT
from tests.e2e.world import World

NEWCOMER = "    sam.okoro: { persona: ml-engineer }\n"
LOOSER = ("  platform: { name: Platform, guardrails: standard }", "  platform: { name: Platform, guardrails: sandbox }")


@dataclass(frozen=True)
class Project:
    """A user's repository in the current folder, with `main` as it stands in the embedded AWS."""

    world: World

    def git(self, *arguments: str) -> None:
        """Run git here."""
        who = ("-c", "user.name=Robin Minnow", "-c", "user.email=robin@minnow.example", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *who, *arguments], check=True, capture_output=True)

    def mlgov(self, verb: str, *arguments: str) -> tuple[int, str]:
        """The verb on what is committed; its exit code and what it printed."""
        command = [sys.executable, str(ROOT / "main.py"), verb, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def on_aws(self, verb: str, *arguments: str) -> tuple[int, str]:
        """The same of a verb that works on the embedded AWS."""
        return self.mlgov(verb, "--out", "live", "--emulated", self.world.environment["AWS_ENDPOINT_URL"], *arguments)

    def edit(self, branch: str, file: str, change: Callable[[str], str]) -> None:
        """A branch with one edit, and the Terraform that its author commits with it."""
        self.git("checkout", "-q", "-b", branch, "main")
        path = Path("environments", file)
        before = path.read_text(encoding="utf-8")
        path.write_text(change(before), encoding="utf-8")
        assert path.read_text(encoding="utf-8") != before
        assert self.mlgov("check")[0] == 0
        assert self.mlgov("synth", "--live")[0] == 0
        self.git("add", "--all")
        self.git("commit", "-q", "-m", f"{branch}: {file}")
        assert self.mlgov("synth", "--live", "--check")[0] == 0

    def affected(self) -> dict[str, str]:
        """The stacks that the branch touches, in the order of their waves, with what happens to each."""
        code, told = self.mlgov("affected", "--base", "main", "--format", "json")
        assert code == 0, told
        found: dict[str, Any] = json.loads(told)
        return {each["stack"]: each["kind"] for each in found["stacks"]}


def _named(stacks: list[str]) -> list[str]:
    return [word for stack in stacks for word in ("--stack", stack)]


@pytest.fixture(name="repository", scope="module")
def _repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """YAML and waivers, and nothing else yet."""
    folder = tmp_path_factory.mktemp("repository")
    shutil.copytree(ROOT / "examples" / "small", folder / "environments")
    (folder / "policies").mkdir()
    shutil.copyfile(ROOT / "policies" / "waivers.yaml", folder / "policies" / "waivers.yaml")
    (folder / ".gitignore").write_text(".mlgov/\ncomment.md\n", encoding="utf-8")
    return folder


@pytest.fixture(name="project")
def _project(world: World, repository: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(repository)
    project = Project(world)
    if not Path(".git").exists():
        code, told = project.mlgov("synth", "--live")
        assert code == 0, told
        project.git("init", "-q", "-b", "main")
        project.git("add", "--all")
        project.git("commit", "-q", "-m", "What stands")
    return project


@pytest.mark.e2e
def test_a_change_of_a_team_s_file_goes_from_its_branch_to_a_clean_second_plan(project: Project) -> None:
    """What is affected is planned, judged, reviewed and applied in waves; afterwards nothing differs."""
    project.edit(
        "newcomer",
        "teams/scoring.yaml",
        lambda text: text.replace("    alex.reed: {}\n", f"    alex.reed: {{}}\n{NEWCOMER}"),
    )
    affected = project.affected()
    changed = [stack for stack, kind in affected.items() if kind == "changed"]
    assert "workload-studio-scoring" in changed
    assert set(affected.values()) <= {"changed", "downstream"}
    assert project.mlgov("gate", "--out", "live")[0] == 0
    stacks = _named([*affected])
    for verb in (["plan", "--gate"], ["review", "--summary", "comment.md"], ["apply", "--gate-plan"]):
        code, told = project.on_aws(*verb, *stacks)
        assert code == 0, told
    assert "workload-studio-scoring" in Path("comment.md").read_text(encoding="utf-8")
    assert project.on_aws("plan", "--fail-on-drift", *stacks)[0] == 0
    studio = project.world.client("workload", "sagemaker")
    assert "sam-okoro" in {each["UserProfileName"] for each in studio.list_user_profiles()["UserProfiles"]}


@pytest.mark.e2e
def test_a_branch_that_weakens_a_guardrail_is_stopped_with_a_comment(project: Project) -> None:
    """The review ends with exit code 3, its comment names the guardrail, and nothing has been applied."""
    project.edit("looser", "organization.yaml", lambda text: text.replace(*LOOSER))
    affected = project.affected()
    assert affected["management-guardrails"] == "changed"
    stacks = _named([stack for stack, kind in affected.items() if kind == "changed"])
    gate, _ = project.mlgov("gate", "--out", "live")
    assert gate == 0
    assert project.on_aws("plan", *stacks)[0] == 0
    code, told = project.on_aws("review", "--summary", "comment.md", *stacks)
    comment = Path("comment.md").read_text(encoding="utf-8")
    assert code == 3, told
    assert "guardrail-weakening" in comment
    assert project.on_aws("apply", "--gate-plan", "--stack", "management-guardrails")[0] == 3
    project.git("checkout", "-q", "main")
    assert project.on_aws("plan", "--fail-on-drift", "--stack", "management-guardrails")[0] == 0
