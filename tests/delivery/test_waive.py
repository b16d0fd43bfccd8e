"""`mlgov waive` asks for what no option gives, shows what it would except, and writes after a yes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import main
from policies.record import Outcome
from policies.waiver import Waivers
from tests.policies.support import TODAY
from tests.support.stacks import Synthesis
from tests.support.verdicts import FAILED, finding, verdict

GIVEN = {
    "policy": "CKV_AWS_18",
    "resource": "a/logs/*",
    "reason": "logs about logs",
    "ticket": "SEC-104",
    "owner": "ops@example.com",
    "approver": "risk@example.com",
    "days": "90",
}
Waive = Callable[..., int]


@pytest.fixture(name="waive")
def _waive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Waive:
    """`waive(*arguments, answers=...)`: the verb on a failed verdict; without answers there is no terminal."""
    synthesis = Synthesis(tmp_path)
    synthesis.stack("a", {})
    stack = FAILED.stacks["a"].model_copy(update={"sha256": synthesis.manifest.stacks[0].sha256})
    FAILED.model_copy(update={"stacks": {"a": stack}}).write(tmp_path / "work" / "acme" / "gate")
    (tmp_path / "waivers.yaml").write_text("[]\n")
    monkeypatch.setattr("delivery.verbs.shared.today", lambda: TODAY)

    def waive(*arguments: str, answers: Iterator[str] | None = None) -> int:
        monkeypatch.setattr("sys.stdin.isatty", lambda: answers is not None, raising=False)
        monkeypatch.setattr("builtins.input", lambda prompt: _next(answers))
        places = {"--out": synthesis.out, "--work": tmp_path / "work", "--waivers": tmp_path / "waivers.yaml"}
        return main.main(["waive", *(str(part) for pair in places.items() for part in pair), *arguments])

    return waive


def _next(answers: Iterator[str] | None) -> str:
    """The next answer; after the last one the user ends the input."""
    assert answers is not None, "it asked without a terminal"
    answer = next(answers, None)
    if answer is None:
        raise EOFError
    return answer


def _options(**given: str) -> list[str]:
    return [part for name, value in given.items() for part in (f"--{name}", value)]


def _written(folder: Path) -> list[dict[str, object]]:
    found = Waivers.read(folder / "waivers.yaml", today=TODAY)
    assert found.faults == ()
    return [waiver.model_dump(exclude_defaults=True) for _, waiver in found.entries]


def test_everything_is_asked_and_a_bad_answer_asked_again(
    waive: Waive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Failed policies, then their findings are listed; the entry is shown before it is written."""
    answers = [*GIVEN.values(), "yes"]
    answers[3:3], answers[-2:-2] = ["soon"], ["366", "a year"]
    assert waive(answers=iter(answers)) == 0
    shown = capsys.readouterr().out
    (entry,) = _written(tmp_path)
    assert (entry["ticket"], str(entry["expires"])) == ("SEC-104", "2027-02-20")
    assert "CKV_AWS_18  2 failed" in shown
    assert "  a/aws_s3_bucket.state  (a/state/bucket)" in shown
    assert "ticket: must be a key such as SEC-104" in shown
    assert shown.count("days: must be a whole number from 1 to 365") == 2
    assert "It excepts 1 finding:\n  a/aws_s3_bucket.logs  (a/logs/bucket)\n" in shown


def test_an_answer_that_excepts_nothing_is_asked_again(
    waive: Waive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each question says at once what the gate would say of the whole: in words, not as a regular expression."""
    told = {
        "policy": {"18": "the id of a policy such as CKV_AWS_18", "CKV_AWS_1": "no finding of CKV_AWS_1 has failed"},
        "resource": {"*": "<stack id>/<address>", "b/*": "no failed finding of CKV_AWS_18 matches b/*"},
        "approver": {"OPS+risk@example.com": "must be somebody else than the owner"},
    }
    answers = [answer for name, good in GIVEN.items() for answer in (*told.get(name, {}), good)]
    assert waive(answers=iter([*answers, "yes"])) == 0
    shown = capsys.readouterr().out.splitlines()
    for name, wrong in told.items():
        assert all(any(line.startswith(f"{name}: ") and says in line for line in shown) for says in wrong.values())
    assert [entry["approver"] for entry in _written(tmp_path)] == [GIVEN["approver"]]


@pytest.mark.parametrize("answers", [[], ["no"], [""]], ids=["end of input", "no", "nothing"])
def test_anything_but_yes_writes_nothing(waive: Waive, tmp_path: Path, answers: list[str]) -> None:
    """A file is changed by an explicit yes alone."""
    assert waive(*_options(**GIVEN), answers=iter(answers)) == 0
    assert _written(tmp_path) == []


@pytest.mark.parametrize(("answers", "code", "bulk"), [(["yes", "yes"], 0, [True]), (["no"], 2, [])])
def test_more_than_twenty_findings_are_asked_about(
    waive: Waive, tmp_path: Path, answers: list[str], code: int, bulk: list[bool]
) -> None:
    """With a yes the waiver says `bulk`; without one it is too wide."""
    verdict(*(finding(f"logs/{number}") for number in range(21))).write(tmp_path / "plans")
    assert waive(*_options(**GIVEN, results=str(tmp_path / "plans")), answers=iter(answers)) == code
    assert [entry["bulk"] for entry in _written(tmp_path)] == bulk


def test_with_all_options_nothing_is_asked(waive: Waive, tmp_path: Path) -> None:
    """A script gives everything, `--yes` included."""
    assert waive(*_options(**GIVEN), "--yes") == 0
    assert [entry["owner"] for entry in _written(tmp_path)] == ["ops@example.com"]


def test_without_a_terminal_what_is_missing_is_named(
    waive: Waive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2 with the options to give, and nothing is written."""
    given = {name: value for name, value in GIVEN.items() if name not in ("ticket", "days")}
    assert waive(*_options(**given)) == 2
    assert capsys.readouterr().err == "there is no terminal to ask at: give --ticket, --days, --yes\n"
    assert _written(tmp_path) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"resource": "b/*"}, "no failed finding"),
        ({"days": "366"}, "--days must be a whole number from 1 to 365"),
        ({"approver": "ops@example.com"}, "approver must be somebody else"),
        ({"waivers": "nowhere.yaml"}, "nowhere.yaml cannot be read"),
    ],
)
def test_a_waiver_that_would_not_hold_exits_2(
    waive: Waive, tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, str], says: str
) -> None:
    """The message says why, and nothing is written."""
    assert waive(*_options(**GIVEN | changes), "--yes") == 2
    assert says in capsys.readouterr().err
    assert _written(tmp_path) == []


def test_a_verdict_without_a_failure_leaves_nothing_to_ask(
    waive: Waive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2 before the first question."""
    verdict(finding("open", Outcome.PASSED)).write(tmp_path / "plans")
    assert waive("--results", str(tmp_path / "plans"), answers=iter([])) == 2
    assert "there is nothing to waive" in capsys.readouterr().err


def test_a_verdict_over_other_bytes_is_not_waived_from(
    waive: Waive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 3: what the stacks fail now, the gate must say; results of plans are named with --results."""
    synthesis = Synthesis(tmp_path)
    synthesis.stack("a", {"x": {}})
    synthesis.manifest.write(synthesis.out)
    assert waive(*_options(**GIVEN), "--yes") == 3
    assert "not over these bytes of: a. Run `mlgov gate`" in capsys.readouterr().err
    FAILED.write(tmp_path / "plans")
    assert waive(*_options(**GIVEN, results=str(tmp_path / "plans")), "--yes") == 0
