"""`mlgov new`: the file of a team or a project, whole and valid, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from environments.load import load
from main import main
from modules.foundations.network.addresses import free
from tests.environments.spoiled import copy_of_small

pytestmark = pytest.mark.e2e  # each loads a whole configuration twice

TEAM = ("new", "team", "claims", "--config", "config", "--line-of-business", "Claims", "--cost-center", "ML-2")
TEAM_FLAGS = (*TEAM, "--owner", "kim@minnow.example", "--use", "workload", "--consumes", "orders")
PROJECT = ("new", "project", "scoring", "late-orders", "--config", "config")
PROJECT_FLAGS = (*PROJECT, "--description", "Tells late orders", "--data", "orders.shop.order", "--target", "returned")


@pytest.fixture(name="config")
def _config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return copy_of_small(tmp_path, monkeypatch)


def files(config: Path) -> set[str]:
    """Every file in the working directory."""
    return {path.relative_to(config.parent).as_posix() for path in config.parent.rglob("*") if path.is_file()}


def answer(monkeypatch: pytest.MonkeyPatch, *answers: str | BaseException) -> None:
    """A person at a terminal, who gives these answers one after the other."""
    given: Iterator[str | BaseException] = iter(answers)

    def reply(prompt: str) -> str:
        found = next(given)
        if isinstance(found, BaseException):
            raise found
        return found

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", reply)


def test_a_team_is_written_by_flags_and_is_valid(config: Path) -> None:
    """The configuration loads with the new team, which reads what it was given and works where it was told."""
    assert main([*TEAM_FLAGS, "--users", "kim.lee=ml-team-lead", "--budgets", "dev=300", "--yes"]) == 0
    team = load(config).team("claims")
    assert (team.dev, team.prod, list(team.consumes)) == ("workload", "workload", ["orders"])
    assert team.studio.users["kim.lee"].persona == "ml-team-lead"
    assert team.monthly_budget_usd == {"dev": 300}


def test_a_project_is_written_with_its_seed_repository(config: Path, tmp_path: Path) -> None:
    """The file names the team, and the folder holds what the pipeline's stages run."""
    assert main([*PROJECT_FLAGS, "--seed", "seeds/late-orders", "--yes"]) == 0
    assert any(each.project == "late-orders" for each in load(config).projects)
    seed = tmp_path / "seeds" / "late-orders"
    assert {f"buildspec-{stage}.yml" for stage in ("test", "build", "register")} <= {
        each.name for each in seed.iterdir()
    }
    assert list((tmp_path / "seeds").iterdir()) == [seed]


def test_a_person_is_asked_for_what_flags_leave_out(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty answer takes what is proposed, and the file is shown before it is written."""
    answer(monkeypatch, "", "Tells late orders", "orders.shop.order", "returned", "", "yes")
    assert main(list(PROJECT)) == 0
    (project,) = (each for each in load(config).projects if each.project == "late-orders")
    assert (project.gate.metric, project.gate.at_least, project.risk) == ("roc_auc", 0.8, "high")


@pytest.mark.parametrize("end", [EOFError(), KeyboardInterrupt(), "no", ""])
def test_who_goes_away_or_says_no_writes_nothing(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], end: str | BaseException
) -> None:
    """The end of input, Ctrl-C and any answer but yes leave every file as it was."""
    before = files(config)
    answer(monkeypatch, "", end, end, end, end)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    assert main([*PROJECT_FLAGS, "--gate", "f1 >= 0.5", "--seed", "seed"]) == 0
    assert capsys.readouterr().out.endswith("nothing was written\n")
    assert files(config) == before


def test_without_a_terminal_what_is_missing_is_named(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run of CI waits for nobody."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    assert main([*TEAM, "--use", "workload"]) == 2
    told = "there is no terminal to ask at: give --owner, --consumes, --users, --budgets, --yes"
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((*TEAM_FLAGS[:2], "../claims", *TEAM_FLAGS[3:]), "the name must be lower-case letters, digits and hyphens"),
        ((*TEAM_FLAGS[:2], "scoring", *TEAM_FLAGS[3:]), "config/teams/scoring.yaml is there already"),
        ((*TEAM_FLAGS, "--users", "kim=boss"), "config/teams/claims.yaml:19 studio.users.kim.persona must be one of"),
        ((*TEAM_FLAGS, "--users", "kim"), "--users must be key=value, with commas, each key once (got 'kim')"),
        ((*TEAM_FLAGS, "--budgets", "dev=1 }\nx: 1"), "--budgets must be whole US dollars (got '1 }\\nx: 1')"),
        ((*TEAM_FLAGS, "--consumes", "order"), "consumes.order names the unknown data domain order"),
        ((*PROJECT_FLAGS, "--gate", "f1 > 1"), "the gate must be such as `roc_auc >= 0.8` (got 'f1 > 1')"),
        ((*PROJECT_FLAGS, "--data", "orders"), "data must be `<domain>.<product>.<table>` or `<prefix>:<format>`"),
        (
            (*PROJECT_FLAGS, "--target", "gone"),
            "config/projects/late-orders.yaml:13 target names gone, which is neither",
        ),
        ((*PROJECT_FLAGS[:2], "scorin", *PROJECT_FLAGS[3:]), "there is no team scorin: did you mean scoring?"),
        ((*PROJECT_FLAGS, "--seed", "config"), "config is there already: name a new folder"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_written(
    config: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    """Exit code 2, in the words of `mlgov check`, and every file as it was."""
    before = files(config)
    assert main([*arguments, "--yes"]) == 2
    assert says in capsys.readouterr().err
    assert files(config) == before


def test_text_that_looks_like_yaml_stays_text(config: Path) -> None:
    """What a person writes is quoted: it adds no key, and refers to nothing."""
    hostile = 'x }\nrisk: low # "${aws_kms_key.a.arn}'
    assert main([*PROJECT_FLAGS, "--description", hostile, "--yes"]) == 0
    (project,) = (each for each in load(config).projects if each.project == "late-orders")
    assert (project.risk, project.description.startswith("x }\nrisk: low")) == ("high", True)


def test_the_next_free_networks_lie_behind_those_of_other_teams() -> None:
    """Gaps are filled last, and what is taken in any size is left out."""
    taken = ["10.20.0.0/16", "10.21.0.0/20"]
    assert free("10.0.0.0/8", taken, prefix=16, count=2, after="10.20.0.0/16") == ["10.22.0.0/16", "10.23.0.0/16"]
    assert free("10.20.0.0/15", taken, prefix=16, count=2) == []
