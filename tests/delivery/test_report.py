"""`mlgov report` finds what gate and delivery left behind."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from delivery.drift.model import Difference
from delivery.review.model import ChangeClass, Reason
from delivery.run_result import RunResult, StackResult
from delivery.target import Target
from delivery.verbs import report
from delivery.workspace import Workspace
from environments.manifest import digest
from policies.record import Outcome
from policies.verdict import Counts, Finding, StackVerdict, Verdict
from tests.support.drifted import FIRST, result, stack
from tests.support.stacks import Synthesis

STACK = "management-test"
SAID = "the plan replaces a key"


def test_the_report_tells_what_the_gate_said_of_a_saved_plan(tmp_path: Path) -> None:
    """What failed in a judged plan is shown while the plan is there, of the target that was worked on last."""
    synthesis = Synthesis(tmp_path)
    synthesis.stack(STACK, {"one": {}})
    manifest = synthesis.manifest
    options = Namespace(out=synthesis.out, work=tmp_path / "work")
    space = Workspace.open(options.work, options.out, manifest, Target("emulated"))
    plan = space.folder(STACK).plan_document
    plan.parent.mkdir(parents=True)
    plan.write_text("{}", encoding="utf-8")
    _verdict(digest(plan)).write(space.plans)
    assert SAID not in _page(synthesis, options)
    RunResult(
        verb="plan",
        organization="acme",
        target="emulated",
        select=None,
        started="2026-11-22T09:00:00Z",
        seconds=1.0,
        stacks=(),
    ).write(space.last("plan"))
    assert SAID in _page(synthesis, options)
    space.folder(STACK).drop_plan()
    assert SAID not in _page(synthesis, options)


def test_the_report_tells_what_has_drifted(tmp_path: Path) -> None:
    """The last look's state and differences stand at the stack, until an apply that comes after it."""
    synthesis = Synthesis(tmp_path)
    synthesis.stack(STACK, {"one": {}})
    options = Namespace(out=synthesis.out, work=tmp_path / "work")
    space = Workspace.open(options.work, options.out, synthesis.manifest, Target("aws"))
    opened = Difference(
        address="aws_iam_role.r",
        type="aws_iam_role",
        kind="noted",
        actions=("update",),
        severity="high",
        reasons=(Reason(kind=ChangeClass.WIDENING, text="now allows everything"),),
        since=FIRST,
    )
    result(stack(STACK, drift=[opened])).write(space.last("drift"))
    page = _page(synthesis, options)
    assert f"noted (high) aws_iam_role.r: update, since {FIRST}; access-widening: now allows everything" in page
    assert ">drift<" in page
    applied = StackResult(id=STACK, account="a", environment="org", module="m", status="applied")
    RunResult(
        verb="apply",
        organization="acme",
        target="aws",
        select=None,
        started="2026-11-23T09:00:00+00:00",
        seconds=1.0,
        stacks=(applied,),
    ).write(space.last("apply"))
    assert ">drift<" not in _page(synthesis, options)


def _page(synthesis: Synthesis, options: Namespace) -> str:
    return report.written(synthesis.manifest, options).read_text(encoding="utf-8")


def _verdict(sha256: str) -> Verdict:
    finding = Finding(
        stack=STACK,
        address="terraform_data.one",
        path=None,
        line=1,
        policy="CKV_MLGOV_30",
        title="t",
        control=None,
        severity=None,
        outcome=Outcome.FAILED,
        message=SAID,
        remediation=None,
        waiver=None,
    )
    judged = StackVerdict(sha256=sha256, file="plan.json", passed=False, counts=Counts(failed=1), valid_until=None)
    return Verdict(
        passed=False,
        valid_until=None,
        policy_digest="d",
        checkov_version="v",
        stacks={STACK: judged},
        findings=(finding,),
        unjudged=(),
        faults=(),
    )
