"""The record of the last apply says no more than is certain: which bytes, through which plan, and whether it ended."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from delivery.apply_record import Applied, ApplyRecord, read
from delivery.saved_plan import PlanFacts
from delivery.target import Target
from delivery.workspace import StackFolder, Workspace
from environments.manifest import StackEntry
from tests.delivery.conftest import Deliver, statuses
from tests.support.stacks import Synthesis

FACTS = PlanFacts(sha256="a" * 64, made="2026-11-22T09:00:00+00:00", plan="b" * 64, document="c" * 64)


@pytest.fixture(name="entry")
def _entry(tmp_path: Path) -> StackEntry:
    synthesis = Synthesis(tmp_path)
    synthesis.stack("one", {"x": {}})
    return synthesis.entries["one"]


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> StackFolder:
    """A stack's folder in which a plan was saved."""
    folder = StackFolder(tmp_path / "run" / "one")
    folder.private.mkdir(parents=True)
    folder.plan_document.write_text("{}")
    return folder


def _finished(folder: StackFolder, entry: StackEntry, *, changed: bool, facts: PlanFacts | None = None) -> Applied:
    ApplyRecord(folder).finish(entry, changed=changed, facts=facts, gated=False, terraform="1.11.4")
    found = read(folder)
    assert found is not None
    return found


def test_the_document_of_the_plan_outlives_the_plan(folder: StackFolder, entry: StackEntry) -> None:
    """Stack, plan and document are named by their digests, and the document is kept."""
    found = _finished(folder, entry, changed=True, facts=FACTS)
    assert (found.sha256, found.plan, found.document, found.terraform) == (entry.sha256, "b" * 64, "c" * 64, "1.11.4")
    folder.drop_plan()
    assert folder.applied_document.read_text() == "{}"


def test_an_apply_without_a_saved_plan_keeps_no_older_document(folder: StackFolder, entry: StackEntry) -> None:
    """What was planned and applied in one go has no document; that of an earlier apply says nothing of it."""
    _finished(folder, entry, changed=True, facts=FACTS)
    found = _finished(folder, entry, changed=True)
    assert (found.plan, found.document) == ("", "")
    assert not folder.applied_document.exists()


def test_an_apply_that_changes_nothing_leaves_the_record(folder: StackFolder, entry: StackEntry) -> None:
    """The apply that made the stack so stays its evidence; of other bytes a new record is written."""
    first = _finished(folder, entry, changed=True, facts=FACTS)
    assert _finished(folder, entry, changed=False) == first
    other = entry.model_copy(update={"sha256": "d" * 64})
    assert _finished(folder, other, changed=False).sha256 == "d" * 64


def test_an_apply_that_does_not_end_well_leaves_doubt(folder: StackFolder, entry: StackEntry) -> None:
    """From its beginning the record is unfinished, and an apply that then changes nothing is a new record."""
    ApplyRecord(folder).begin()
    assert read(folder) is None
    first = _finished(folder, entry, changed=True, facts=FACTS)
    ApplyRecord(folder).begin()
    assert read(folder) == first.model_copy(update={"unfinished": True})
    after = _finished(folder, entry, changed=False)
    assert (after.unfinished, after.document) == (False, "")


def test_a_record_that_cannot_be_read_is_none(folder: StackFolder) -> None:
    """Then nothing is known of the last apply."""
    folder.applied.write_text("{")
    assert read(folder) is None


@pytest.mark.e2e
def test_runs_keep_the_record(synthesis: Synthesis, deliver: Deliver, tmp_path: Path) -> None:
    """A saved plan leaves its document, a failed apply doubt, a destroy nothing."""
    synthesis.stack("one", {"x": {"input": "a"}})
    synthesis.stack("two", {"x": {}})
    deliver("plan", select="one")
    deliver("apply")
    space = Workspace.open(tmp_path / "work", synthesis.out, synthesis.manifest, Target.aws())
    one, two = (read(space.folder(name)) for name in ("one", "two"))
    assert one is not None
    assert two is not None
    content = space.folder("one").applied_document.read_bytes()
    assert (one.sha256, one.document) == (synthesis.entries["one"].sha256, hashlib.sha256(content).hexdigest())
    assert json.loads(content)["changes"][0]["address"] == "terraform_data.x"
    assert (two.sha256, two.plan, two.document) == (synthesis.entries["two"].sha256, "", "")
    deliver("apply")
    assert read(space.folder("one")) == one
    failing = {"x": {"triggers_replace": ["b"], "provisioner": [{"local-exec": {"command": "false"}}]}}
    synthesis.stack("one", failing)
    assert statuses(deliver("apply", select="one")) == {"one": "failed"}
    assert read(space.folder("one")) == one.model_copy(update={"unfinished": True})
    deliver("destroy")
    assert [read(space.folder(name)) for name in ("one", "two")] == [None, None]
    assert not space.folder("one").applied_document.exists()
