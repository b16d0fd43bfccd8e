"""The policy step: Atlantis of any release reads what passed as passed, and nothing else."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import main
from delivery import policy_cache
from delivery.policy_step import Step, failed, of_gate, passed, unjudged
from environments.manifest import Manifest, ManifestError
from policies.record import GateFault, Outcome
from policies.verdict import Verdict
from tests.support.stacks import Synthesis
from tests.support.verdicts import FAILED, finding, verdict

DAY = date(2026, 11, 23)
PASSED = verdict(finding("logs", Outcome.PASSED), finding("open", Outcome.WAIVED, policy="CKV_AWS_145"))
PASSED = PASSED.model_copy(update={"stacks": {"a": PASSED.stacks["a"].model_copy(update={"passed": True})}})


def before_039(step: Step) -> bool:
    """Whether Atlantis until 0.38 lets the step pass."""
    return step.exit_code == 0 and "fail" not in step.text.lower()


def since_039(step: Step) -> bool:
    """Whether Atlantis from 0.39 on lets the step pass."""
    wrong = re.search(r'[1-9][0-9]* failure|failures": \[', step.text) or step.text.startswith("FAIL")
    return step.exit_code == 0 and bool(step.text) and not wrong


def passes(step: Step) -> bool:
    """Whether it passes; both ways of reading agree."""
    assert before_039(step) == since_039(step)
    return before_039(step)


def test_a_stack_that_holds_passes() -> None:
    """One line, without a word that any release takes for a failure; waivers are told."""
    step = of_gate(PASSED, "a")
    assert passes(step)
    assert step.text == "ok: 2 rules, nothing to fix, 1 waived until None"


def test_a_stack_that_does_not_hold_fails() -> None:
    """It begins with FAIL and the number, goes on with the summary of this stack, and exits 0: an owner may approve."""
    step = of_gate(FAILED, "a")
    assert not passes(step)
    assert step.exit_code == 0
    assert step.text.startswith("FAIL 3 failures of 2 rules\n\n## mlgov gate: FAILED")


@pytest.mark.parametrize(
    "judged",
    [
        PASSED.model_copy(update={"faults": (GateFault(kind="k", message="m"),)}),
        PASSED.model_copy(update={"faults": (GateFault(kind="k", message="m", stack="a"),)}),
        PASSED.model_copy(update={"stacks": {}}),
        PASSED.model_copy(update={"findings": ()}),
        PASSED.model_copy(update={"stacks": FAILED.stacks}),
    ],
    ids=["fault of the run", "fault of the stack", "unknown stack", "nothing judged", "not passed without a reason"],
)
def test_what_could_not_be_judged_never_passes(judged: Verdict) -> None:
    """It says FAIL, for old releases, and exits 3, which is an error that nobody can approve."""
    step = of_gate(judged, "a")
    assert not passes(step)
    assert step.exit_code == 3


def test_a_fault_of_another_stack_is_not_this_ones() -> None:
    """As in apply: a fault of one stack holds back that stack, one of the whole run all."""
    assert passes(of_gate(PASSED.model_copy(update={"faults": (GateFault(kind="k", message="m", stack="b"),)}), "a"))


def test_words_that_read_as_failure_do_not_get_into_a_pass() -> None:
    """A note with `fail` in it is left out; none to fix is no reason to fail; no rule is not passed."""
    assert passed(3, "waived for FAILOVER").text == "ok: 3 rules, nothing to fix"
    assert not passes(passed(0))
    assert not passes(unjudged("x"))
    with pytest.raises(ValueError, match="no reason to fail"):
        failed(0, 3, "")


class Judged:
    """Counts how often it was asked; the answer is of all stacks of the manifest."""

    def __init__(self, manifest: Manifest, answer: Verdict = PASSED) -> None:
        self.times = 0
        self._answer = answer.model_copy(
            update={
                "stacks": {entry.id: answer.stacks["a"] for entry in manifest.stacks},
                "findings": tuple(
                    one.model_copy(update={"stack": entry.id}) for entry in manifest.stacks for one in answer.findings
                ),
            }
        )

    def __call__(self) -> Verdict:
        self.times += 1
        return self._answer


@pytest.fixture(name="made")
def _made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Synthesis:
    monkeypatch.setattr(policy_cache, "tree_digest", lambda *folders: "the policies")
    made = Synthesis(tmp_path)
    made.stack("a", {"x": {"input": 1}})
    made.stack("b", {"x": {"input": 2}})
    return made


def ask(made: Synthesis, judged: Judged, manifest: Manifest | None = None, *, day: date = DAY) -> dict[str, Step]:
    manifest, root = manifest or made.manifest, made.out.parent
    return dict(
        policy_cache.steps(
            made.out, manifest, waivers=root / "waivers.yaml", today=day, folder=root / "kept", judge=judged
        )
    )


def test_the_same_bytes_are_judged_once(made: Synthesis) -> None:
    """However many projects ask at the same time, the gate runs once, and each is told of its own stack."""
    manifest = made.manifest
    judged = Judged(manifest)
    threads = [threading.Thread(target=ask, args=(made, judged, manifest)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert judged.times == 1
    assert {name: passes(step) for name, step in ask(made, judged).items()} == {"a": True, "b": True}


def test_whatever_decides_is_judged_again(made: Synthesis, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another day, other waivers, other bytes of any stack, other policies: what was kept is not of that."""
    judged, day = Judged(made.manifest), date(2026, 11, 24)
    ask(made, judged)
    changes: list[Callable[[], object]] = [
        lambda: None,
        lambda: (made.out.parent / "waivers.yaml").write_text("[]\n", encoding="utf-8"),
        lambda: made.rewrite("b", {"resource": {}}),
        lambda: monkeypatch.setattr(policy_cache, "tree_digest", lambda *folders: "other policies"),
    ]
    for times, change in enumerate(changes, 2):
        change()
        ask(made, judged, day=day)
        ask(made, judged, day=day)
        assert judged.times == times


def test_a_fault_is_not_kept(made: Synthesis) -> None:
    """What kept the gate from judging may have gone by the next time."""
    judged = Judged(made.manifest, PASSED.model_copy(update={"faults": (GateFault(kind="k", message="m"),)}))
    assert not passes(ask(made, judged)["a"])
    ask(made, judged)
    assert judged.times == 2


def test_a_damaged_entry_is_judged_again(made: Synthesis) -> None:
    """What cannot be read, or is of other stacks, counts as nothing."""
    judged = Judged(made.manifest)
    ask(made, judged)
    [kept] = (made.out.parent / "kept").glob("*.json")
    for text in ("{", "[]", '{"a": ["ok: 1 rules, nothing to fix", 0]}'):
        kept.write_text(text, encoding="utf-8")
        ask(made, judged)
    assert judged.times == 4


def test_bytes_that_were_not_promised_are_an_error(made: Synthesis) -> None:
    """A stack that is not as its index says is not looked up at all."""
    manifest = made.manifest
    (made.out / "stacks" / "a" / "cdk.tf.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ManifestError, match="was changed after synthesis"):
        policy_cache.digest(made.out, manifest, Path("none"), DAY)


def test_without_a_synthesis_the_step_says_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An error before any judgement is FAIL on standard output, too, and its own exit code."""
    code = main.main(["gate", "--policy-check", "--stack", "a", "--out", str(tmp_path / "none")])
    assert not passes(Step(capsys.readouterr().out, code))
    assert code == 3


def test_a_stack_without_policy_check_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    """The gate itself judges all stacks: some rules are about all."""
    assert main.main(["gate", "--stack", "a"]) == 2
    assert "--stack is for --policy-check" in capsys.readouterr().err
