"""What is applied is what was judged before the approval, though no plan is handed from one job to the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from delivery import saved_plan
from delivery.target import Target
from delivery.terraform import Allowed
from delivery.workspace import Workspace
from policies.errors import GateError
from tests.delivery.conftest import Deliver, statuses
from tests.support.stacks import Synthesis

pytestmark = pytest.mark.e2e  # it starts Terraform, if not against AWS


def _judged(synthesis: Synthesis, runner: Path) -> Allowed:
    """The verdict that the planning job hands on: it passed the plan that lies on its runner."""
    space = Workspace.open(runner, synthesis.out, synthesis.manifest, Target.aws())
    facts = saved_plan.read(space.folder("one"), synthesis.entries["one"])
    assert facts is not None
    return lambda stack_id, sha256: (stack_id, sha256) == ("one", facts.document)


def test_the_plan_made_again_is_the_one_that_was_judged(synthesis: Synthesis, deliver: Deliver, tmp_path: Path) -> None:
    """A second runner, which has nothing but the verdict, makes the same document and may apply it."""
    synthesis.stack("one", {"x": {"input": "a"}})
    first, second = tmp_path / "first", tmp_path / "second"
    deliver("plan", work=first)
    verdict = _judged(synthesis, first)
    deliver("plan", work=second)
    assert statuses(deliver("apply", work=second, judged=lambda folder: verdict)) == {"one": "applied"}
    assert synthesis.applied("one") == ["terraform_data.x"]


def test_a_plan_that_has_become_another_is_refused(synthesis: Synthesis, deliver: Deliver, tmp_path: Path) -> None:
    """Somebody changes what is there while the approval is awaited: nothing is applied."""
    synthesis.stack("one", {"x": {"input": "a"}})
    first, second = tmp_path / "first", tmp_path / "second"
    deliver("plan", work=first)
    verdict = _judged(synthesis, first)
    synthesis.stack("one", {"y": {"input": "b"}})
    deliver("apply", work=tmp_path / "somebody")
    synthesis.stack("one", {"x": {"input": "a"}})
    deliver("plan", work=second)
    with pytest.raises(GateError, match="no plan of exactly these bytes of: one"):
        deliver("apply", work=second, judged=lambda folder: verdict)
    assert synthesis.applied("one") == ["terraform_data.y"]
