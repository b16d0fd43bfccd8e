"""A refactored stack under the real Terraform: nothing is made, nothing is destroyed."""

from __future__ import annotations

import pytest

from delivery.run_result import Changes
from environments.moves import Move, moved_blocks
from modules.core.logical_id import logical_id
from tests.delivery.conftest import Deliver, statuses
from tests.support.stacks import Synthesis

pytestmark = pytest.mark.e2e


def _resources(construct: str) -> dict[str, dict[str, object]]:
    """Two resources below a construct, as cdktf names them."""
    return {
        logical_id([construct, name]): {"input": name, "//": {"metadata": {"path": f"one/{construct}/{name}"}}}
        for name in ("key", "alias")
    }


def test_a_renamed_construct_keeps_its_state(synthesis: Synthesis, deliver: Deliver) -> None:
    """A plan that only moves is a plan to apply; afterwards the blocks may stay, or go."""
    synthesis.stack("one", _resources("domain"))
    assert statuses(deliver("apply")) == {"one": "applied"}
    after = _resources("desk")
    moved = moved_blocks("test", {"resource": {"terraform_data": after}}, [Move("test", "domain", "desk", "0.2.0")])
    synthesis.stack("one", after, moved=moved)
    (planned,) = deliver("plan").stacks
    assert (planned.status, planned.changes) == ("planned", Changes())
    assert statuses(deliver("apply")) == {"one": "applied"}
    assert synthesis.applied("one") == sorted(f"terraform_data.{name}" for name in after)
    assert statuses(deliver("plan")) == {"one": "unchanged"}
    synthesis.stack("one", after)
    assert statuses(deliver("plan")) == {"one": "unchanged"}


def test_without_a_move_the_same_rename_destroys(synthesis: Synthesis, deliver: Deliver) -> None:
    """What the move saves from: Terraform takes another address for another resource."""
    synthesis.stack("one", _resources("domain"))
    deliver("apply")
    synthesis.stack("one", _resources("desk"))
    (planned,) = deliver("plan").stacks
    assert planned.changes is not None
    assert (planned.changes.add, planned.changes.destroy) == (2, 2)
