"""`mlgov cost`: exit codes, formats and what a user gets wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import main
from delivery.verbs import cost
from policies.cost.pages import FORMATS, VIEWS
from tests.support.stacks import Synthesis

Output = pytest.CaptureFixture[str]
KEYS = {"aws_kms_key": {"a": {}, "b": {}}}


def _synthesis(folder: Path, resources: dict[str, object] = KEYS) -> Path:
    """A stack `keys` with these resources and one without any that cost."""
    made = Synthesis(folder)
    made.stack("keys", {})
    made.stack("rest", {})
    made.rewrite("keys", {"resource": resources})
    assert made.manifest.stacks  # writes it
    return made.out


def test_the_verb_offers_what_the_pages_have() -> None:
    """Formats and views are listed in the verb so that --help imports nothing; they are those of the pages."""
    assert (FORMATS, tuple(VIEWS)) == (cost.FORMATS, cost.VIEWS)


def test_cost_shows_what_stands_and_exits_0(tmp_path: Path, capsys: Output) -> None:
    """All tables as text; one by name; a part by its glob, which no envelope is beside."""
    out = str(_synthesis(tmp_path))
    assert main.main(["cost", "--out", out]) == 0
    page = capsys.readouterr().out
    assert page.startswith("Idle: 2.00 USD a month, 2 stacks\n")
    assert [line for line in page.splitlines() if line.startswith("By ")] == [
        "By environment",
        "By module",
        "By account",
        "By stack",
    ]
    assert main.main(["cost", "--out", out, "--by", "stack", "--stack", "re*", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["total"]["total"] == "0.00"


def test_diff_tells_what_a_change_adds(tmp_path: Path, capsys: Output) -> None:
    """Of two folders, in Markdown for a pull request."""
    old = _synthesis(tmp_path / "old", {"aws_kms_key": {"a": {}}})
    new = _synthesis(tmp_path / "new")
    assert main.main(["cost", "diff", str(old), str(new), "--format", "markdown"]) == 0
    assert capsys.readouterr().out.startswith("## Idle: +1.00 USD a month (1.00 to 2.00)\n")


def test_diff_tells_of_a_stack_that_is_new(tmp_path: Path, capsys: Output) -> None:
    """A part of the stacks may be in one of both folders alone: a team that comes, or one that leaves."""
    new, old = _synthesis(tmp_path / "new"), Synthesis(tmp_path / "old")
    old.stack("rest", {})
    assert old.manifest.stacks  # writes it
    assert main.main(["cost", "diff", str(old.out), str(new), "--stack", "ke*"]) == 0
    assert capsys.readouterr().out.startswith("Idle: +2.00 USD a month (0.00 to 2.00)\n")


def test_endpoints_says_when_there_are_none(tmp_path: Path, capsys: Output) -> None:
    """A synthesis without central endpoints has nothing to compare."""
    assert main.main(["cost", "endpoints", "--out", str(_synthesis(tmp_path))]) == 0
    assert "No endpoints are central here" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("diff", "{out}"), "takes two folders"),
        (("show", "{out}"), "takes two folders"),
        (("endpoints", "--out", "{out}", "--by", "stack"), "leave --stack and --by out"),
        (("show", "--out", "{out}", "--stack", "x*"), "no stack in"),
        (("diff", "{out}", "{out}", "--stack", "x*"), "no stack in"),
        (("diff", "{out}", "{out}", "--by", "stack"), "leave --by out"),
    ],
)
def test_a_wrong_question_exits_2(tmp_path: Path, capsys: Output, words: tuple[str, ...], says: str) -> None:
    """With a sentence that says what to ask instead."""
    out = str(_synthesis(tmp_path))
    assert main.main(["cost", *(word.format(out=out) for word in words)]) == 2
    assert says in capsys.readouterr().err


def test_without_a_synthesis_it_exits_3(tmp_path: Path, capsys: Output) -> None:
    """As every verb that reads stacks does."""
    assert main.main(["cost", "--out", str(tmp_path / "none")]) == 3
    assert "no synthesis here; run `mlgov synth" in capsys.readouterr().err


def test_what_has_no_price_exits_2(tmp_path: Path, capsys: Output) -> None:
    """Nothing is shown that would look like a sum."""
    out = _synthesis(tmp_path, {"aws_eks_cluster": {"a": {}}})
    assert main.main(["cost", "--out", str(out)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "aws_eks_cluster is neither in policies/cost/prices.yaml nor in unpriced.yaml" in told.err
