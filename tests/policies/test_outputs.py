"""What the gate writes: the evidence, and the terminal's table. Other formats: `tests/policies/outputs`."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from policies.record import GateFault, Outcome
from policies.report import table
from policies.verdict import Counts, DueWaiver, Finding, StackVerdict, Verdict, WaiverUse

WAIVER = WaiverUse(
    reason="mirrored <elsewhere> & checked",
    ticket="OPS-7",
    owner="ops@example.com",
    approver="risk@example.com",
    expires=date(2027, 1, 31),
)
DUE = DueWaiver(
    where="waivers.yaml:9",
    policies=("CKV_AWS_18", "CKV_AWS_145"),
    resource="[a]/*",
    days_left=12,
    **WAIVER.model_dump(exclude={"expires"}),
    expires=date(2026, 12, 4),
)


def _finding(address: str, outcome: Outcome, **changes: Any) -> Finding:
    body: dict[str, Any] = {
        "stack": "a",
        "address": address,
        "path": f"a/{address}",
        "line": 12,
        "policy": "CKV_MLGOV_7",
        "title": "Log groups [bold] have <retention>",
        "control": "LOG-03",
        "severity": "MEDIUM",
        "outcome": outcome,
        "message": "" if outcome is Outcome.PASSED else "retention is not set\x00",
        "remediation": None if outcome is Outcome.PASSED else "set it",
        "waiver": WAIVER if outcome is Outcome.WAIVED else None,
    }
    return Finding(**(body | changes))


FAULT = GateFault(
    kind="policy-raised", stack="a", policy="CKV_MLGOV_9", resource="aws_iam_role.r", message="KeyError: 'x'"
)
VERDICT = Verdict(
    passed=False,
    valid_until=WAIVER.expires,
    policy_digest="d" * 64,
    checkov_version="3.3.30",
    waivers_sha256="b" * 64,
    due=(DUE,),
    stacks={
        "a": StackVerdict(
            sha256="a" * 64,
            file="cdktf.out/stacks/a/cdk.tf.json",
            passed=False,
            counts=Counts(passed=1, failed=2, waived=1, unjudged=1),
            valid_until=WAIVER.expires,
        )
    },
    findings=(
        _finding("aws_x.failed", Outcome.FAILED),
        _finding("aws_x.passed", Outcome.PASSED),
        _finding("aws_x.waived", Outcome.WAIVED),
        _finding(
            "aws_y.built_in",
            Outcome.FAILED,
            policy="CKV_AWS_18",
            control=None,
            severity=None,
            path=None,
            remediation=None,
        ),
    ),
    unjudged=(_finding("aws_x.unjudged", Outcome.UNJUDGED),),
    faults=(FAULT,),
)


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    VERDICT.write(tmp_path / "gate")
    return tmp_path / "gate"


def test_the_verdict_survives_writing_and_reading(folder: Path) -> None:
    """What is read is what was written, and no half-written file stays behind."""
    assert Verdict.read(folder) == VERDICT
    assert sorted(path.name for path in folder.iterdir()) == [
        "junit.xml", "results.csv", "results.sarif", "summary.md", "verdict.json",
    ]  # fmt: skip


def test_verdict_json_holds_what_the_report_reads(folder: Path) -> None:
    """The documented keys are there, with dates as text."""
    body = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))
    assert set(body) == {"version", "passed", "valid_until", "policy_digest", "checkov_version", "waivers_sha256",
                         "due", "stacks", "findings", "unjudged", "faults"}  # fmt: skip
    assert body["stacks"]["a"]["counts"] == {"passed": 1, "failed": 2, "waived": 1, "unjudged": 1}
    waiver = {"reason": WAIVER.reason, "ticket": "OPS-7", "owner": WAIVER.owner, "approver": WAIVER.approver}
    assert body["findings"][2]["waiver"] == waiver | {"expires": "2027-01-31"}
    assert body["due"] == [
        waiver | {"expires": "2026-12-04", "days_left": 12, "where": "waivers.yaml:9", "resource": "[a]/*",
                  "policies": ["CKV_AWS_18", "CKV_AWS_145"]},
    ]  # fmt: skip
    assert body["findings"][0] == {
        "stack": "a", "address": "aws_x.failed", "path": "a/aws_x.failed", "line": 12, "policy": "CKV_MLGOV_7",
        "title": "Log groups [bold] have <retention>", "control": "LOG-03", "severity": "MEDIUM", "outcome": "failed",
        "message": "retention is not set\x00", "remediation": "set it", "waiver": None,
    }  # fmt: skip


def test_the_table_names_what_failed_and_why() -> None:
    """Every failed finding and fault is printed, text from configuration is never markup, and it ends in FAILED."""
    out = io.StringIO()
    table.show(VERDICT, Console(file=out, width=120))
    shown = out.getvalue()
    assert "Log groups [bold] have <retention>" in shown
    for name in ("a/aws_x.failed", "a/aws_y.built_in", "LOG-03", "set it", "policy-raised"):
        assert name in shown
    assert "aws_x.waived" not in shown
    assert shown.rstrip().endswith("FAILED: 2 findings, 1 faults")


def test_the_table_lists_waivers_that_are_due() -> None:
    """Where it stands, when it ends, what it excepts and who is to renew it."""
    out = io.StringIO()
    last = DUE.model_copy(update={"days_left": 0})
    table.show(VERDICT.model_copy(update={"due": (last, DUE)}), Console(file=out, width=120))
    lines = [line for line in out.getvalue().splitlines() if line.startswith("due ")]
    rest = "CKV_AWS_18, CKV_AWS_145 on [a]/* (OPS-7, ops@example.com)"
    assert lines == [
        f"due waivers.yaml:9 ends 2026-12-04, today: {rest}",
        f"due waivers.yaml:9 ends 2026-12-04, in 12 days: {rest}",
    ]


def test_the_table_of_a_passed_gate_never_says_fail() -> None:
    """Atlantis searches the output of a policy check for that word."""
    stack = VERDICT.stacks["a"].model_copy(update={"passed": True, "counts": Counts(passed=1)})
    out = io.StringIO()
    good = VERDICT.model_copy(update={"passed": True, "findings": (), "faults": (), "stacks": {"a": stack}})
    table.show(good, Console(file=out, width=120))
    assert "fail" not in out.getvalue().lower()
    assert "policies hold in 1 stacks; waivers hold until 2027-01-31" in out.getvalue()
