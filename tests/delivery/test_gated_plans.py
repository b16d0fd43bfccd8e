"""Plans are kept for the gate without their secrets, and apply can be held to the plans that the gate has passed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from delivery import saved_plan
from delivery.target import Target
from delivery.workspace import Workspace
from modules.core.errors import TerraformError
from policies.errors import GateError
from policies.gate import run as gate
from tests.delivery.conftest import Deliver, statuses
from tests.policies.support import TODAY
from tests.support.stacks import Synthesis

pytestmark = pytest.mark.e2e  # it starts Terraform, if not against AWS

SECRET = "correct horse battery staple"


def _verdict(*passed: str) -> Callable[[Path], Callable[[str, str], bool]]:
    """A verdict that passed plans with these digests."""
    return lambda folder: lambda stack_id, sha256: sha256 in passed


def _workspace(synthesis: Synthesis, tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "work", synthesis.out, synthesis.manifest, Target.aws())


def _document(space: Workspace, stack_id: str) -> Path:
    return space.folder(stack_id).plan_document


def _digest(synthesis: Synthesis, space: Workspace, stack_id: str) -> str:
    facts = saved_plan.read(space.folder(stack_id), synthesis.entries[stack_id])
    assert facts is not None
    return facts.document


def test_no_secret_of_a_plan_is_kept_for_the_gate(synthesis: Synthesis, deliver: Deliver, tmp_path: Path) -> None:
    """A value that Terraform calls sensitive stands in no file but the saved plan itself."""
    synthesis.stack(
        "one",
        {"x": {"input": "${var.secret}"}, "y": {"input": {"open": "yes", "list": ["a", "${var.secret}"]}}},
        variable={"secret": {"type": "string", "sensitive": True, "default": "none"}},
        **{"//": {"note": "a stack"}},
    )
    (tmp_path / "work").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TF_VAR_secret", SECRET)
        deliver("plan")
    space = _workspace(synthesis, tmp_path)
    document = json.loads(_document(space, "one").read_bytes())
    after = {change["name"]: change["after"]["input"] for change in document["changes"]}
    assert after == {"x": "(sensitive value)", "y": {"open": "yes", "list": ["a", "(sensitive value)"]}}
    holding = {path.name for path in tmp_path.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()}
    assert holding <= {"tfplan"}


def test_apply_carries_out_judged_plans_alone(synthesis: Synthesis, deliver: Deliver, tmp_path: Path) -> None:
    """Without a verdict over exactly its plan a stack is refused before anything runs; with one, it is applied."""
    synthesis.stack("one", {"x": {}})
    synthesis.stack("two", {"x": {}})
    with pytest.raises(GateError, match="no plan of exactly these bytes of: one, two"):
        deliver("apply", judged=_verdict())
    deliver("plan")
    space = _workspace(synthesis, tmp_path)
    one, two = (_digest(synthesis, space, name) for name in ("one", "two"))
    with pytest.raises(GateError, match="of: two"):
        deliver("apply", judged=_verdict(one))
    assert synthesis.applied("one") == []
    result = deliver("apply", judged=_verdict(one, two))
    assert statuses(result) == {"one": "applied", "two": "applied"}
    assert all(stack.note.startswith("applied the plan saved at") for stack in result.stacks)


def test_a_plan_that_changes_nothing_needs_no_verdict(synthesis: Synthesis, deliver: Deliver, tmp_path: Path) -> None:
    """It is not judged, and apply leaves its stack alone."""
    synthesis.stack("one", {"x": {}})
    deliver("apply")
    deliver("plan")
    assert saved_plan.judged(_workspace(synthesis, tmp_path), synthesis.manifest.stacks) == []
    result = deliver("apply", judged=_verdict())
    assert (statuses(result), result.stacks[0].note) == ({"one": "unchanged"}, "its plan changes nothing")


def test_a_plan_of_other_bytes_is_none(synthesis: Synthesis, deliver: Deliver, tmp_path: Path) -> None:
    """A stack that was synthesised anew since its plan is told as unplanned, and the gate faults on it."""
    synthesis.stack("one", {"x": {}})
    deliver("plan")
    synthesis.stack("one", {"x": {}, "y": {}})
    space = _workspace(synthesis, tmp_path)
    (file,) = saved_plan.judged(space, synthesis.manifest.stacks)
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text("[]", encoding="utf-8")
    verdict = gate([file], waivers=waivers, today=TODAY, jobs=1, cache=None, partial=True)
    assert not verdict.passed
    assert [(fault.kind, "run `mlgov plan`" in fault.message) for fault in verdict.faults] == [("stack-changed", True)]


def test_a_plan_that_was_swapped_is_not_applied(synthesis: Synthesis, deliver: Deliver, tmp_path: Path) -> None:
    """Terraform's file must be the one whose document was judged."""
    synthesis.stack("one", {"x": {}})
    deliver("plan")
    space = _workspace(synthesis, tmp_path)
    folder, digest = space.folder("one"), _digest(synthesis, space, "one")
    folder.plan.write_bytes(folder.plan.read_bytes() + b"\0")
    result = deliver("apply", judged=_verdict(digest))
    assert statuses(result) == {"one": "failed"}
    assert result.stacks[0].failure is not None
    assert "mlgov plan --gate --stack one" in result.stacks[0].failure.advice
    assert synthesis.applied("one") == []


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        ({"format_version": "2.0"}, "is of format 2.0"),
        ({}, "is of format None"),
        ({"format_version": "1.2", "errored": True}, "is not whole"),
        ({"format_version": "1.2", "complete": False}, "is not whole"),
    ],
)
def test_a_plan_that_is_not_whole_cannot_be_judged(plan: dict[str, Any], told: str) -> None:
    """Another format, an error within, or deferred parts are an error, never a small plan."""
    with pytest.raises(TerraformError, match=told):
        saved_plan.document("one", b"{}", plan)
