"""An apply that did not end well is resumed; one that did starts anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from delivery.resume import Progress
from delivery.target import Target
from modules.core.errors import TerraformError
from tests.delivery.conftest import Deliver, statuses
from tests.support.stacks import Synthesis, shell

pytestmark = pytest.mark.e2e  # it starts Terraform, if not against AWS


def test_done_stacks_are_not_done_again_after_a_failure(synthesis: Synthesis, deliver: Deliver) -> None:
    """After a failure is mended, apply leaves the finished stacks alone and does the rest; then the marker is gone."""
    synthesis.stack("one", {"x": {}})
    synthesis.stack("two", {"x": shell("exit 1")}, depends_on=["one"])
    synthesis.stack("three", {"x": {}}, depends_on=["two"])
    assert statuses(deliver("apply")) == {"one": "applied", "two": "failed", "three": "blocked"}
    synthesis.stack("two", {"x": {}}, depends_on=["one"])
    assert statuses(deliver("apply")) == {"one": "done-before", "two": "applied", "three": "applied"}
    assert statuses(deliver("apply")) == dict.fromkeys(("one", "two", "three"), "unchanged")


def test_a_stack_whose_bytes_changed_is_done_again(synthesis: Synthesis, deliver: Deliver) -> None:
    """A resumed apply does not skip a stack that was changed since, nor its dependents if it changed anything."""
    synthesis.stack("base", {"x": {"input": "1"}})
    synthesis.stack("top", {"x": {}}, depends_on=["base"])
    synthesis.stack("bad", {"x": shell("exit 1")}, depends_on=["base"])
    deliver("apply")
    synthesis.stack("base", {"x": {"input": "2"}})
    assert statuses(deliver("apply")) == {"base": "applied", "top": "unchanged", "bad": "failed"}


def test_another_selection_starts_anew(synthesis: Synthesis, deliver: Deliver) -> None:
    """The marker belongs to one --stack pattern: with another one, every stack is planned."""
    synthesis.stack("one", {"x": {}})
    synthesis.stack("two", {"x": shell("exit 1")})
    deliver("apply")
    assert statuses(deliver("apply", select="o*")) == {"one": "unchanged"}


def test_a_destroy_ends_the_resume(synthesis: Synthesis, deliver: Deliver) -> None:
    """After a destroy nothing counts as done, even if an unfinished apply had done it."""
    synthesis.stack("one", {"x": {}})
    synthesis.stack("two", {"x": shell("exit 1")})
    deliver("apply")
    deliver("destroy", select="one")
    assert statuses(deliver("apply")) == {"one": "applied", "two": "failed"}


def test_a_new_emulator_knows_nothing_of_the_last_one(synthesis: Synthesis, deliver: Deliver) -> None:
    """Against another emulator no stack is done before, and no saved plan is applied."""
    synthesis.stack("one", {"x": {}})
    synthesis.stack("two", {"x": shell("exit 1")})
    first, second = Target("emulated", "http://127.0.0.1:1"), Target("emulated", "http://127.0.0.1:2")
    deliver("apply", target=first)
    assert statuses(deliver("apply", target=first))["one"] == "done-before"
    deliver("plan", target=first)
    again = deliver("apply", target=second)
    assert statuses(again) == {"one": "unchanged", "two": "failed"}
    assert again.stacks[1].note == ""


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    return tmp_path / "progress.json"


def progress(marker: Path, select: str | None = None) -> Progress:
    return Progress(marker, select=select)


def test_progress_survives_the_process(marker: Path) -> None:
    """What was recorded is known to the next process, for the same selection only."""
    first = progress(marker)
    first.begin("a")
    first.finish("a", sha256="1", changed=True)
    assert progress(marker).done("a", "1", [])
    assert not progress(marker).done("a", "2", [])
    assert not progress(marker, select="a*").done("a", "1", [])


def test_an_attempt_that_never_finished_undoes_its_dependents(marker: Path) -> None:
    """What depends on a stack killed in the middle is done again, even if that stack's next apply changes nothing."""
    state = progress(marker)
    for stack in ("base", "top"):
        state.begin(stack)
        state.finish(stack, sha256="1", changed=True)
    assert state.done("top", "1", ["base"])
    state.begin("base")
    state = progress(marker)
    assert not state.done("base", "1", [])
    state.begin("base")
    state.finish("base", sha256="1", changed=False)
    assert not state.done("top", "1", ["base"])


def test_a_clean_second_apply_of_a_dependency_undoes_nothing(marker: Path) -> None:
    """A dependency applied again without changes leaves its dependents done."""
    state = progress(marker)
    for stack in ("base", "top", "base"):
        state.begin(stack)
        state.finish(stack, sha256="1", changed=stack == "top")
    assert state.done("top", "1", ["base"])


def test_a_broken_marker_says_what_to_do(marker: Path) -> None:
    """A marker that cannot be read is an error with its path, not a silent new start."""
    marker.write_text("{", encoding="utf-8")
    with pytest.raises(TerraformError, match=r"progress\.json: not a resume marker; delete it"):
        progress(marker)
