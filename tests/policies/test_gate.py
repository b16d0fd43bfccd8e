"""The gate fails closed, is deterministic, and cannot be bent from outside."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from policies.errors import GateError
from policies.gate import StackFile
from policies.isolation import PACKAGE
from policies.record import Scan
from policies.verdict import Verdict
from tests.policies.conftest import in_process
from tests.policies.support import TODAY, Json, gate, sound, stack, stack_file, text

if TYPE_CHECKING:
    from policies.scan.engine import Engine

BAD: Json = stack({"aws_cloudwatch_log_group": {"bad": {"name": "a"}}})


def _kinds(verdict: Verdict, stack_id: str | None = None) -> set[str]:
    return {fault.kind for fault in verdict.faults if stack_id in (None, fault.stack)}


def test_a_sound_stack_passes(in_process: None, tmp_path: Path) -> None:
    """Every policy passed, no fault: the verdict passes and covers exactly these bytes."""
    file = stack_file(tmp_path, "a", text(sound()))
    verdict = gate([file], tmp_path)
    assert (verdict.passed, verdict.faults, verdict.valid_until) == (True, (), None)
    assert verdict.stacks["a"].file == "a/cdk.tf.json"
    assert verdict.covers("a", file.sha256, TODAY)
    assert not verdict.covers("a", "0" * 64, TODAY)
    assert not verdict.covers("b", file.sha256, TODAY)


def test_a_failed_finding_fails_its_stack_only(in_process: None, tmp_path: Path) -> None:
    """The run fails and the failing stack is not covered; the sound one is."""
    files = [stack_file(tmp_path, "a", text(sound())), stack_file(tmp_path, "b", text(BAD))]
    verdict = gate(files, tmp_path)
    assert not verdict.passed
    assert [verdict.covers(file.id, file.sha256, TODAY) for file in files] == [True, False]
    failed = next(finding for finding in verdict.findings if finding.policy == "CKV_MLGOV_7" and finding.stack == "b")
    assert (failed.control, failed.severity, failed.outcome) == ("LOG-03", "MEDIUM", "failed")
    assert failed.remediation


def test_no_stacks_is_a_fault(tmp_path: Path) -> None:
    """An empty synthesis does not pass."""
    verdict = gate([], tmp_path)
    assert (verdict.passed, _kinds(verdict)) == (False, {"no-stacks"})


def _missing(file: StackFile) -> StackFile:
    file.path.unlink()
    return file


def _other_bytes(file: StackFile) -> StackFile:
    return replace(file, sha256="0" * 64)


def _rewritten(content: bytes) -> Callable[[StackFile], StackFile]:
    def rewrite(file: StackFile) -> StackFile:
        file.path.write_bytes(content)
        return replace(file, sha256=hashlib.sha256(content).hexdigest())

    return rewrite


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (_missing, "stack-missing"),
        (_other_bytes, "stack-changed"),
        (_rewritten(b'{"resource": '), "unparsable"),
        (_rewritten(text({})), "empty-stack"),
    ],
    ids=["missing", "other-bytes", "unparsable", "empty"],
)
def test_a_stack_that_cannot_be_judged_is_a_fault(
    in_process: None, tmp_path: Path, spoil: Callable[[StackFile], StackFile], kind: str
) -> None:
    """The stack is named, does not pass and is not covered; its neighbour is judged all the same."""
    spoilt = spoil(stack_file(tmp_path, "spoilt", text(sound())))
    neighbour = stack_file(tmp_path, "neighbour", text(sound()))
    verdict = gate([spoilt, neighbour], tmp_path)
    assert kind in _kinds(verdict, "spoilt")
    assert not verdict.passed
    assert not verdict.covers("spoilt", spoilt.sha256, TODAY)
    assert verdict.covers("neighbour", neighbour.sha256, TODAY)


def test_two_stacks_of_one_id_are_a_fault(in_process: None, tmp_path: Path) -> None:
    """An id that stands twice cannot be covered: which of the two was judged?"""
    file = stack_file(tmp_path, "a", text(sound()))
    assert "stack-twice" in _kinds(gate([file, file], tmp_path), "a")


def test_a_stack_the_scan_forgot_is_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A scan that gives no result for a stack does not pass it."""
    monkeypatch.setattr("policies.gate.scan", lambda stacks, *, tree, jobs: Scan())
    verdict = gate([stack_file(tmp_path, "a", text(sound()))], tmp_path)
    assert (verdict.passed, _kinds(verdict, "a")) == (False, {"not-scanned"})


def test_a_scan_that_dies_is_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A scan process that ends without a result is told with what it said."""
    monkeypatch.setattr("policies.isolation.sys.executable", "/bin/false")
    verdict = gate([stack_file(tmp_path, "a", text(sound()))], tmp_path)
    assert (verdict.passed, _kinds(verdict)) == (False, {"scan-died", "not-scanned"})


@pytest.mark.e2e
def test_jobs_and_order_change_no_byte(tmp_path: Path) -> None:
    """One worker or two, stacks in either order: every file has the same bytes."""
    files = [
        stack_file(tmp_path, name, text(document)) for name, document in (("a", sound()), ("b", BAD), ("c", sound()))
    ]
    written = []
    for jobs, stacks in ((1, files), (2, files[::-1])):
        folder = tmp_path / f"out{jobs}"
        gate(stacks, tmp_path, jobs=jobs).write(folder)
        written.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert set(written[0]) == {"verdict.json", "results.sarif", "junit.xml", "results.csv", "summary.md"}
    assert written[0] == written[1]


@pytest.mark.e2e
def test_settings_of_checkov_around_the_gate_are_ignored(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither configuration files nor variables, which bend checkov silently, reach the scan."""
    files = [stack_file(tmp_path, "b", text(BAD))]
    config = "soft-fail: true\nskip-check: [CKV_AWS_66, CKV_AWS_158, CKV_MLGOV_7]\n"
    for folder in (tmp_path, files[0].path.parent):
        (folder / ".checkov.yaml").write_text(config, encoding="utf-8")
    with monkeypatch.context() as patch:  # loaded without any of these settings
        patch.setattr("policies.gate.scan", in_process(engine))
        before = gate(files, tmp_path)
    monkeypatch.chdir(tmp_path)
    variables = {"HOME": str(tmp_path), "CKV_SKIP_CHECK": "CKV_AWS_66", "CKV_CHECK": "CKV_AWS_18", "BC_API_KEY": "a::b",
                 "PRISMA_API_URL": "https://example.invalid", "CKV_NO_FAIL_ON_CRASH": "true", "LOG_LEVEL": "CRITICAL",
                 "CHECKOV_CHECK_FAIL_LEVEL": "WARNING"}  # fmt: skip
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    after = gate(files, tmp_path)
    assert after.findings == before.findings
    assert {"CKV_AWS_66", "CKV_AWS_158", "CKV_MLGOV_7"} <= {
        finding.policy for finding in after.findings if finding.outcome == "failed"
    }
    assert after.faults == ()


WARM = """
import sys
from datetime import date
from pathlib import Path
from policies.gate import StackFile, run
folder, sha256 = Path(sys.argv[1]), sys.argv[2]
stack = StackFile("a", folder / "stacks/a/cdk.tf.json", sha256)
verdict = run([stack], waivers=folder / "waivers.yaml", today=date(2026, 11, 22), jobs=1, cache=folder / "cache")
assert verdict.passed, verdict.faults
assert not any(name.partition(".")[0] == "checkov" for name in sys.modules)
"""


@pytest.mark.e2e
def test_a_warm_run_neither_scans_nor_imports_checkov(
    in_process: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With the same bytes and policies the kept scan is used, in another process too, with an equal verdict."""
    file = stack_file(tmp_path, "a", text(sound()))
    cold = gate([file], tmp_path, cache=tmp_path / "cache")
    monkeypatch.setattr("policies.gate.scan", None)
    assert gate([file], tmp_path, cache=tmp_path / "cache") == cold
    warm = [sys.executable, "-c", WARM, str(tmp_path), file.sha256]
    done = subprocess.run(warm, cwd=PACKAGE.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_cache_answers_for_the_same_bytes_and_policies_only(
    in_process: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Other bytes, other policies, another checkov or a damaged entry are scanned again; a faulty scan is not kept."""
    cache = tmp_path / "cache"
    good = stack_file(tmp_path, "a", text(sound()))
    assert gate([good], tmp_path, cache=cache).passed
    assert not gate([stack_file(tmp_path, "b", text(BAD))], tmp_path, cache=cache).passed
    gate([stack_file(tmp_path, "c", b"{")], tmp_path, cache=cache)
    assert len(list(cache.iterdir())) == 2

    asked: list[int] = []
    real = sys.modules["policies.gate"].scan

    def scan(stacks: Sequence[StackFile], *, tree: Path, jobs: int) -> Scan:
        asked.append(len(stacks))
        found: Scan = real(stacks, tree=tree, jobs=jobs)
        return found

    monkeypatch.setattr("policies.gate.scan", scan)
    gate([good], tmp_path, cache=cache)
    assert asked == []
    with monkeypatch.context() as other:
        other.setattr("policies.gate.checkov_version", lambda: "0")
        gate([good], tmp_path, cache=cache)
    with monkeypatch.context() as other:
        other.setattr("policies.gate.tree_digest", lambda *folders: "0")
        gate([good], tmp_path, cache=cache)
    for entry in cache.iterdir():
        entry.write_text("{", encoding="utf-8")
    gate([good], tmp_path, cache=cache)
    assert asked == [1, 1, 1]


def test_the_policy_digest_sees_every_change_of_a_policy(tmp_path: Path) -> None:
    """A changed byte, a renamed or a new file changes the digest; waivers do not, for they count after the cache."""
    from policies.cache import tree_digest

    (tmp_path / "checks").mkdir()
    file = tmp_path / "checks" / "a.py"
    file.write_text("1", encoding="utf-8")
    digests = [tree_digest(tmp_path)]
    file.write_text("2", encoding="utf-8")
    digests.append(tree_digest(tmp_path))
    file.rename(file.with_name("b.py"))
    digests.append(tree_digest(tmp_path))
    (tmp_path / "checks" / "c.yaml").write_text("", encoding="utf-8")
    digests.append(tree_digest(tmp_path))
    assert len(set(digests)) == 4
    (tmp_path / "waivers.yaml").write_text("[]", encoding="utf-8")
    assert tree_digest(tmp_path) == digests[-1]


def test_no_verdict_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    """A missing or foreign verdict raises the gate's error, whose exit code is 3."""
    with pytest.raises(GateError, match="run `mlgov gate`") as missing:
        Verdict.read(tmp_path)
    assert missing.value.exit_code == 3
    (tmp_path / "verdict.json").write_text('{"passed": true}', encoding="utf-8")
    with pytest.raises(GateError, match="no verdict of this version"):
        Verdict.read(tmp_path)
