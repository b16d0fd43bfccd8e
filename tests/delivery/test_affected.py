"""`mlgov affected` names the stacks whose bytes differ, those downstream, and no others."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from delivery.affected.compare import compare
from delivery.affected.model import Affected
from delivery.affected.sides import CODE, KEPT, ROOT, Sides
from environments.manifest import FILE_NAME, AccountSummary, Manifest
from main import main
from tests.support.organisations import ORGANISATIONS, Synthesised, documents
from tests.support.stacks import Synthesis

TEAM = "environments/teams/scoring.yaml"


@pytest.fixture(name="chain", scope="module")
def _chain(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """one <- two <- three, and four beside them."""
    synthesis = Synthesis(tmp_path_factory.mktemp("chain"))
    for stack_id, producers in {"one": [], "two": ["one"], "three": ["two"], "four": []}.items():
        synthesis.stack(stack_id, {}, depends_on=producers)
    return synthesis.manifest


def _with(manifest: Manifest, stack_id: str, **changes: object) -> Manifest:
    entries = tuple(entry.model_copy(update=changes) if entry.id == stack_id else entry for entry in manifest.stacks)
    return manifest.model_copy(update={"stacks": entries})


def _without(manifest: Manifest, stack_id: str) -> Manifest:
    return manifest.model_copy(update={"stacks": tuple(each for each in manifest.stacks if each.id != stack_id)})


def _told(found: Affected) -> dict[str, str]:
    return {each.stack: each.why for each in found.stacks}


def test_the_same_bytes_affect_none(chain: Manifest) -> None:
    """Two equal sides have no affected stack, and a pipeline has nothing to run."""
    found = compare(chain, chain, "c0ffee")
    assert found.stacks == ()
    assert found.matrix().model_dump() == {"waves": (), "any": False, "changed": (), "removed": (), "orphaned": ()}


@pytest.mark.parametrize("difference", [{"sha256": "0" * 64}, {"assets": {"assets/code.zip": "0" * 64}}])
def test_other_bytes_affect_the_stack_and_all_that_read_it(chain: Manifest, difference: dict[str, object]) -> None:
    """JSON or an asset that differs changes its stack; those that depend on it, through others too, are downstream."""
    found = compare(chain, _with(chain, "one", **difference), "c0ffee")
    assert _told(found) == {"one": "changed", "two": "downstream of one", "three": "downstream of one"}
    assert [each.wave for each in found.stacks] == [0, 1, 2]


def test_a_stack_that_is_gone_affects_who_read_it(chain: Manifest) -> None:
    """A removed stack is told as it was, and is in no job; its readers of then are downstream."""
    head = _with(_without(chain, "two"), "three", depends_on=())
    found = compare(_with(chain, "two", retired=True), head, "c0ffee")
    assert _told(found) == {"two": "removed", "three": "downstream of two"}
    assert found.matrix().removed == ("two",)
    assert [row.stack for wave in found.matrix().waves for row in wave] == ["three"]


def test_a_stack_that_goes_without_being_retired_is_orphaned(chain: Manifest) -> None:
    """Nobody would take down what it made. Only a closed account takes its stacks along."""
    closed = _without(chain, "four")
    account = AccountSummary(name="management", id=None, unit=None, environment="org", roles=())
    open_ = closed.model_copy(update={"organization": closed.organization.model_copy(update={"accounts": (account,)})})
    assert compare(chain, open_, "c0ffee").matrix().orphaned == ("four",)
    assert compare(chain, closed, "c0ffee").matrix().removed == ("four",)


def test_added_and_retired_stacks_are_told_apart(chain: Manifest) -> None:
    """A new stack is added; one whose folder now takes down what it made is retired."""
    found = compare(_without(chain, "four"), _with(chain, "three", sha256="0" * 64, retired=True), "c0ffee")
    assert _told(found) == {"three": "retired", "four": "added"}
    assert found.matrix().changed == ("four", "three")


def test_the_matrix_has_the_form_that_pipelines_read(chain: Manifest) -> None:
    """Waves of rows with what a job needs, by id; the numbers of waves that have no stack are left out."""
    matrix = json.loads(compare(chain, _with(chain, "three", sha256="0" * 64), "c0ffee").matrix().model_dump_json())
    row = {
        "stack": "three", "path": "stacks/three", "account": "management", "environment": "org",
        "tier": "foundation", "owner": "platform@acme.example", "region": "eu-central-1", "why": "changed",
    }  # fmt: skip
    assert matrix == {"waves": [[row]], "any": True, "changed": ["three"], "removed": [], "orphaned": []}


def _git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture(name="project")
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of YAML alone: minnow's, committed once; the process works in it."""
    project = tmp_path / "project"
    shutil.copytree(ORGANISATIONS["minnow"], project / "environments")
    _git(tmp_path, "init", "-q", "-b", "main", "project")
    _git(project, "add", "-A")
    _git(project, "commit", "-qm", "one")
    monkeypatch.chdir(project)
    return project


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.e2e
def test_a_comment_affects_none_and_a_team_its_stacks(
    project: Path, synthesised: Synthesised, capsys: pytest.CaptureFixture[str]
) -> None:
    """A comment on the organisation changes no stack, a team's budget what tells of it; both sides are kept."""
    sides = Sides.of(Path("environments"), Path(".mlgov"))
    sides.remember(sides.key(), Manifest.read(synthesised("minnow")))
    team = project / TEAM
    budget = next(line for line in team.read_text().splitlines() if line.startswith("monthly_budget_usd"))
    assert main(["affected", "--base", "main"]) == 0
    assert "no stack differs from" in capsys.readouterr().out
    organization = project / "environments/organization.yaml"  # every stack is made of it
    organization.write_text(f"# a comment\n{organization.read_text()}")
    _edit(team, budget, budget.replace("dev: ", "dev: 1"))
    assert main(["affected", "--base", "main", "--format", "json"]) == 0
    found = Affected.model_validate_json(capsys.readouterr().out)
    assert found.base == _git(project, "rev-parse", "main")
    assert {each.stack for each in found.of("changed")} == {"management-costs-us-east-1", "workload-baseline"}
    assert {each.kind for each in found.stacks} == {"changed", "downstream"}
    assert len(list((project / ".mlgov/cache/affected").glob("*.json"))) == 2


@pytest.mark.e2e
def test_a_change_of_the_kernel_affects_what_it_changes(
    synthesised: Synthesised, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each side is made by its own code: another statement of every topic's policy changes the stacks with a topic."""
    project, config = tmp_path / "project", "examples/small"
    for name in (*CODE, "delivery", config):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, project / name)
    (project / ".gitignore").write_text("__pycache__/\n.mlgov/\n")
    _git(tmp_path, "init", "-q", "-b", "main", "project")
    _git(project, "add", "-A")
    _git(project, "commit", "-qm", "one")
    monkeypatch.chdir(project)
    _edit(project / "modules/core/topic.py", '"DenyInsecureTransport"', '"DenyPlainTransport"')
    sides = Sides.of(Path(config), Path(".mlgov"))
    base = sides.base(sides.project.commit("main"), Path("live"), jobs=2)
    head = sides.head(Path("live"), jobs=2)
    changed = {each.stack for each in compare(base, head, "main").of("changed")}
    topics = {
        entry.id for entry, found in documents(synthesised("minnow")) if "aws_sns_topic_policy" in found["resource"]
    }
    assert changed == topics - {"platform-config"}  # AWS Config alone publishes to its topic, by a policy of its own


@pytest.mark.e2e
def test_the_base_is_where_the_branch_left_it_and_committed_output_counts(
    project: Path, synthesised: Synthesised, capsys: pytest.CaptureFixture[str]
) -> None:
    """What main got later is not the branch's; where the base has live/mlgov.json, its hashes are compared."""
    manifest = Manifest.read(synthesised("minnow"))
    (project / "live").mkdir()
    _with(manifest, "platform-sink", sha256="0" * 64).write(project / "live")
    _git(project, "add", "-A")
    _git(project, "commit", "-qm", "committed output")
    _git(project, "switch", "-qc", "branch")
    _git(project, "switch", "-q", "main")
    (project / "live" / FILE_NAME).unlink()
    _git(project, "commit", "-qam", "later")
    _git(project, "switch", "-q", "branch")
    sides = Sides.of(Path("environments"), Path(".mlgov"))
    sides.remember(sides.key(), manifest)  # nothing is synthesised
    assert main(["affected", "--base", "main", "--format", "matrix"]) == 0
    assert json.loads(capsys.readouterr().out)["changed"] == ["platform-sink"]


@pytest.mark.e2e
def test_what_git_cannot_tell_is_an_error_with_a_remedy(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown revision, a shallow clone, strange histories, YAML elsewhere, no repository: each is exit code 2."""

    def told(*arguments: str) -> str:
        assert main(["affected", *arguments]) == 2
        return capsys.readouterr().err

    assert "there is no such revision here; fetch it" in told("--base", "origin/nowhere")
    assert "is not below" in told("--base", "main", "--config", str(ORGANISATIONS["minnow"]))
    _git(project, "commit", "-q", "--allow-empty", "-m", "two")
    _git(project, "switch", "-q", "--orphan", "alone")
    _git(project, "commit", "-q", "--allow-empty", "-m", "three")
    (project / "environments").mkdir(exist_ok=True)  # git took it along
    assert "no common history" in told("--base", "main")
    _git(project, "switch", "-q", "main")
    _git(project, "branch", "-q", "side", "HEAD~1")
    _git(tmp_path, "clone", "-q", "--depth", "1", "--no-single-branch", project.as_uri(), "shallow")
    monkeypatch.chdir(tmp_path / "shallow")
    assert "git fetch --unshallow" in told("--base", "origin/side")
    (tmp_path / "environments").mkdir()
    monkeypatch.chdir(tmp_path)
    assert "is in no git repository" in told("--base", "main")


@pytest.mark.e2e
def test_the_cache_knows_every_input_and_stays_small(project: Path, chain: Manifest) -> None:
    """Any other file that synthesis reads is another entry, one that is not committed, too; old ones go."""
    sides = Sides.of(Path("environments"), Path(".mlgov"))
    first = sides.key()
    (project / "README.md").write_text("not read")
    assert sides.key() == first
    (project / "environments/extra.yaml").write_text("read: true\n")
    assert sides.key() != first
    sides.remember(first, chain)
    assert not (project / ".mlgov").exists()  # it was made of something else
    for number in range(KEPT + 2):
        (project / "environments/extra.yaml").write_text(f"read: {number}\n")
        sides.remember(sides.key(), chain)
    assert len(list((project / ".mlgov/cache/affected").iterdir())) == KEPT
