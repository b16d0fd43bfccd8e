"""The affected stacks become jobs: by wave and tier, with what CI cannot plan or apply apart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from delivery.affected.model import Matrix, MatrixRow
from delivery.pipelines.split import ApplyJob, Split, changing, plannable, read
from delivery.run_result import RunResult, StackResult, Status
from environments.manifest import Manifest
from environments.vocabulary import Tier
from modules.core.errors import ConfigError
from tests.support.stacks import Synthesis

TIERS: dict[str, Tier] = {
    "team-dev-studio": "non-production",
    "team-prod-studio": "production",
    "team-prod-access": "production",
}


@pytest.fixture(name="manifest")
def _manifest(tmp_path: Path) -> Manifest:
    """Bootstrap, then an access stack, a hub and two studios, one of which reads the hub."""
    synthesis = Synthesis(tmp_path)
    synthesis.stack("management-bootstrap", {}, stack="bootstrap")
    synthesis.stack("team-prod-access", {}, stack="access", depends_on=["management-bootstrap"])
    synthesis.stack("hub", {})
    synthesis.stack("team-dev-studio", {}, depends_on=["hub"])
    synthesis.stack("team-prod-studio", {}, depends_on=["team-prod-access"])
    return synthesis.manifest


def _affected(waves: Sequence[Sequence[str]], changed: Sequence[str]) -> Matrix:
    rows = tuple(tuple(_row(stack) for stack in wave) for wave in waves)
    return Matrix(waves=rows, any=True, changed=tuple(changed), removed=())


def _row(stack: str) -> MatrixRow:
    return MatrixRow(
        stack=stack,
        path=f"org/{stack}",
        account="team",
        environment="org",
        tier=TIERS.get(stack, "foundation"),
        owner="team@acme.example",
        region="eu-west-1",
        why="its own bytes differ",
    )


def test_a_wave_is_applied_by_tier(manifest: Manifest) -> None:
    """Each tier of a wave is a job of its own, as each waits for other people."""
    affected = _affected([["hub"], ["team-dev-studio", "team-prod-studio"]], ["hub"])
    first, second = Split.of(affected, manifest, 2).waves
    assert first.jobs == (ApplyJob("foundation", "foundation", "hub", True),)
    assert second.planned == "team-dev-studio,team-prod-studio"
    assert [(job.tier, job.stacks) for job in second.jobs] == [
        ("production", "team-prod-studio"),
        ("non-production", "team-dev-studio"),
    ]


def test_a_pull_request_plans_what_is_changed(manifest: Manifest) -> None:
    """A stack that only stands downstream is planned when it can differ; one whose inputs change may fail to plan."""
    waves = [["hub"], ["team-dev-studio", "team-prod-studio"]]
    plans = Split.of(_affected(waves, ["hub", "team-dev-studio"]), manifest, 2).plans
    assert [(job.name, job.stacks, job.waits) for job in plans] == [
        ("wave 1", "hub", False),
        ("wave 2, inputs change", "team-dev-studio", True),
    ]


def test_the_bootstrap_stack_is_left_to_an_administrator(manifest: Manifest) -> None:
    """No job plans or applies it; it is told of."""
    split = Split.of(_affected([["management-bootstrap"], ["hub"]], ["management-bootstrap", "hub"]), manifest, 2)
    assert split.by_hand == ("management-bootstrap",)
    assert "bootstrap" not in str(split.plans) + str(split.waves)


def test_an_access_stack_is_planned_where_it_is_applied(manifest: Manifest) -> None:
    """The plan role cannot enter the account, so it is in no job of a pull request, and its apply job plans first."""
    split = Split.of(_affected([["team-prod-access", "hub"]], ["team-prod-access", "hub"]), manifest, 1)
    assert [job.stacks for job in split.plans] == ["hub"]
    assert split.waves[0].planned == "hub"
    assert ApplyJob("production access", "production", "team-prod-access", False) in split.waves[0].jobs
    assert plannable(manifest) == "hub,team-dev-studio,team-prod-studio"


def test_more_waves_than_the_pipelines_have_are_refused(manifest: Manifest) -> None:
    """Else the last would never be applied."""
    with pytest.raises(ConfigError, match="have 1 waves, and 2 are needed: run `mlgov ci`"):
        Split.of(_affected([["hub"], ["team-dev-studio"]], ["hub"]), manifest, 1)


def test_outputs_are_a_line_each_and_name_every_wave(manifest: Manifest) -> None:
    """A runner reads `name=value` lines; a wave without stacks is there, too, for its job to find that it is empty."""
    lines = Split.of(_affected([["hub"]], ["hub"]), manifest, 1).outputs(3).splitlines()
    values = {name: json.loads(value) for name, _, value in (line.partition("=") for line in lines)}
    assert set(values) == {"plans", "waves", "by_hand"}
    assert [bool(wave["jobs"]) for wave in values["waves"]] == [True, False, False]


def test_jobs_that_change_nothing_ask_nobody() -> None:
    """What is left of a wave are the stacks of which the plan found changes, and those that nobody planned yet."""
    jobs = [
        {"name": "production", "tier": "production", "stacks": "a,b", "planned": True},
        {"name": "non-production", "tier": "non-production", "stacks": "c", "planned": True},
        {"name": "production access", "tier": "production", "stacks": "d", "planned": False},
    ]
    found = changing(json.dumps(jobs), lambda: _result(a="planned", b="unchanged", c="unchanged"))
    assert [(job.name, job.stacks) for job in found] == [("production", "a"), ("production access", "d")]
    assert changing(json.dumps(jobs[2:]), _never) == [ApplyJob("production access", "production", "d", False)]
    with pytest.raises(ConfigError, match="not as `mlgov ci --affected` writes them"):
        changing('[{"name": 1}]', _never)


def test_what_is_no_matrix_is_refused(tmp_path: Path) -> None:
    """A missing or foreign file is a fault of the configuration, never a pipeline without jobs."""
    with pytest.raises(ConfigError, match="cannot be read"):
        read(tmp_path / "none.json")
    (tmp_path / "other.json").write_text('{"waves": [[{"stack": "a"}]]}')
    with pytest.raises(ConfigError, match="is not what `mlgov affected --format matrix` prints"):
        read(tmp_path / "other.json")


def _result(**statuses: Status) -> RunResult:
    stacks = tuple(
        StackResult(id=name, account="x", environment="dev", module="m", status=status)
        for name, status in statuses.items()
    )
    return RunResult(
        verb="plan", organization="acme", target="aws", select=None, started="2026-11-23", seconds=0.0, stacks=stacks
    )


def _never() -> RunResult:
    raise AssertionError("no plan is asked for")


def test_a_stack_that_was_never_retired_stops_the_pipeline(manifest: Manifest) -> None:
    """No job could take down what it made: the stack is named, with what to do."""
    affected = _affected([], []).model_copy(update={"orphaned": ("fraud-dev-studio",)})
    with pytest.raises(ConfigError, match="fraud-dev-studio: no folder in live/, and never retired"):
        Split.of(affected, manifest, 3)
