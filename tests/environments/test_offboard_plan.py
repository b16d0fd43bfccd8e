"""`mlgov offboard`: each stage is tried out on a copy, and told with its edit, its stacks and what people do."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from environments.graph import StackGraph
from environments.load import load
from environments.manifest import STACK_FILE, Manifest, OrganizationSummary, StackEntry, digest
from environments.offboarding import plan as plan_module
from environments.offboarding.compare import compare
from environments.offboarding.copy import TrialCopy
from environments.offboarding.plan import plan
from environments.offboarding.steps import Edit, LeavingPlan, StackChange, Step
from environments.offboarding.text import text
from modules.core.errors import ConfigError
from tests.support.stacks import Synthesis

ROOT = Path(__file__).parents[2]
# Without feature groups: a central one would have to be handed over first.
CODE = ("*.py", "__pycache__", "rules", "stacks", "placement", "offboarding", "*.json")
YAML_ONLY = shutil.ignore_patterns(*CODE, "features", "projects")
FRAUD = ("fraud-dev", "fraud-test", "fraud-prod")
SUMMARY = OrganizationSummary(
    name="acme", partition="aws", home_region="eu-west-1", management_account_id="1", units=(), accounts=()
)


@pytest.fixture(name="config")
def _config(tmp_path: Path) -> Path:
    config = tmp_path / "acme"
    shutil.copytree(ROOT / "environments", config, ignore=YAML_ONLY)
    return config


def _graph_alone(config: Path, out: Path) -> None:
    """What `synthesise` writes, without resources: the stack lists are exact, and jsii is not started."""
    entries = []
    for node in StackGraph(load(config)).nodes.values():
        path = out / "stacks" / node.id / STACK_FILE
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"unit": node.account.unit}), encoding="utf-8")
        entries.append(
            StackEntry(
                id=node.id,
                stack=node.stack,
                module=node.module,
                account=node.account.name,
                environment=node.account.environment,
                region=node.region,
                tier="foundation",
                owner="platform@acme.example",
                path=f"stacks/{node.id}/{STACK_FILE}",
                state_bucket="",
                state_key="",
                depends_on=(),
                resources=0,
                sha256=digest(path),
            )
        )
    Manifest(organization=SUMMARY, stacks=tuple(entries)).write(out)


@pytest.fixture(name="cheap")
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_module, "synthesise", _graph_alone)


@pytest.mark.usefixtures("cheap")
def test_every_stage_to_come_is_told_with_its_edit(config: Path) -> None:
    """From work to the deleted file in four edits of one line each; the accounts' own stacks are left when closed."""
    file = config / "teams" / "fraud.yaml"
    length = len(file.read_text().splitlines())
    leaving = plan(config, "team", "fraud")
    assert (leaving.stage, leaving.own, leaving.used) == (None, FRAUD, ())
    edits = [(step.stage, step.edit.line, step.edit.action, step.edit.text) for step in leaving.steps]
    assert edits == [
        ("access-removed", length + 1, "add", "offboarding: access-removed"),
        ("suspended", length + 1, "replace", "offboarding: suspended"),
        ("closed", length + 1, "replace", "offboarding: closed"),
        ("deleted", 1, "delete file", ""),
    ]
    assert {step.edit.file for step in leaving.steps} == {file.as_posix()}
    before = StackGraph(load(config)).nodes
    left = {change.stack for change in leaving.steps[2].stacks if change.change == "left"}
    assert left == {stack for stack, node in before.items() if node.account.name in FRAUD}
    assert leaving.steps[3].stacks == ()


@pytest.mark.usefixtures("cheap")
def test_a_plan_writes_nothing_and_goes_on_from_the_current_stage(config: Path) -> None:
    """A suspended team has two steps left; the configuration is as before."""
    file = config / "teams" / "fraud.yaml"
    file.write_text(f"offboarding: suspended # since March\n{file.read_text()}")
    before = {path: path.read_bytes() for path in config.rglob("*.yaml")}
    leaving = plan(config, "team", "fraud")
    assert leaving.stage == "suspended"
    assert [(step.stage, step.edit.line, step.edit.action) for step in leaving.steps] == [
        ("closed", 1, "replace"),
        ("deleted", 1, "delete file"),
    ]
    assert {path: path.read_bytes() for path in config.rglob("*.yaml")} == before


@pytest.mark.usefixtures("cheap")
def test_what_stands_in_the_way_is_told_where_it_stands(config: Path) -> None:
    """A consumer and a missing unit for suspended accounts are told by the original's file and line."""
    organization = config / "organization.yaml"
    organization.write_text(organization.read_text().replace("  suspended_unit:", "  # suspended_unit:"))
    removed, suspended, closed, deleted = plan(config, "domain", "payments").steps
    consumer = f"{config.as_posix()}/teams/fraud.yaml:19 consumes.payments must not name the data domain payments"
    assert [line.startswith(consumer) for line in removed.first] == [True]
    assert any(line.startswith(f"{organization.as_posix()}:") and "suspended_unit" in line for line in suspended.first)
    assert len(closed.first) == 2
    assert "unknown data domain payments" in deleted.first[0]
    assert (removed.stacks, suspended.stacks, closed.stacks, deleted.stacks) == ((), (), (), ())


@pytest.mark.usefixtures("cheap")
def test_an_account_that_others_may_use_is_neither_suspended_nor_closed() -> None:
    """The team of minnow uses a platform account: no stack is left or emptied at any stage, and the plan says so."""
    leaving = plan(ROOT / "examples" / "small", "team", "scoring")
    assert (leaving.own, leaving.used) == ((), ("workload",))
    assert all(change.change == "changes" for step in leaving.steps for change in step.stacks)
    assert not any("close-account" in command for step in leaving.steps for command in step.commands)
    shown = text(leaving)
    assert "Nobody: workload stays, as organization.yaml declares it" in shown
    assert "it has no account of its own, so none is touched" in shown


@pytest.mark.usefixtures("cheap")
def test_an_account_with_an_id_is_moved_and_closed_by_its_id(config: Path) -> None:
    """A person moves a pinned account, as Terraform does not manage it, and closes it by the id that YAML names."""
    file = config / "domains" / "customers.yaml"
    file.write_text(file.read_text().replace("email: aws", 'id: "444444444444", email: aws'))
    for path in config.rglob("*.yaml"):
        path.write_text(path.read_text().replace("customers, payments", "payments").replace("[customers]", "[]"))
    _, suspended, closed, _ = plan(config, "domain", "customers").steps
    assert any("move data-customers (444444444444) to the unit suspended" in said for said in suspended.by_hand)
    assert "aws organizations close-account --account-id 444444444444 # data-customers" in closed.commands


def test_an_unknown_name_is_told_with_the_nearest(config: Path) -> None:
    """Exit code 2, and the name that was probably meant."""
    with pytest.raises(ConfigError, match="there is no team fruad: did you mean fraud") as caught:
        plan(config, "team", "fruad")
    assert caught.value.exit_code == 2
    with pytest.raises(ConfigError, match=r"there is no data domain fraud \(known: customers, payments\)"):
        plan(config, "domain", "fraud")


def test_a_file_that_takes_no_further_line_is_refused(config: Path, tmp_path: Path) -> None:
    """A file in flow style cannot be continued by a line: it is told, not spoilt."""
    file = config / "teams" / "fraud.yaml"
    file.write_text("{ team: fraud }\n")
    with pytest.raises(ConfigError, match="does not fit here: write the file in block style"):
        TrialCopy.make(config, tmp_path / "trial").advance("team", "fraud", "closed")


def _compared(before: Synthesis, after: Synthesis) -> tuple[StackChange, ...]:
    for synthesis in (before, after):
        synthesis.manifest.write(synthesis.out)
    return compare(before.out, after.out)


def test_a_stack_is_compared_address_by_address(tmp_path: Path) -> None:
    """Created, updated, destroyed and forgotten are told apart; a stack may appear, change, be emptied or be left."""
    before, after = Synthesis(tmp_path / "before"), Synthesis(tmp_path / "after")
    for stack_id in ("same", "changed", "emptied", "left"):
        before.stack(stack_id, {"kept": {"input": 1}, "gone": {}, "data": {}})
    removed = [{"from": "terraform_data.data", "lifecycle": {"destroy": False}}]
    after.stack("same", {"kept": {"input": 1}, "gone": {}, "data": {}})
    after.rewrite("same", json.loads((before.out / before.entries["same"].path).read_text()))
    after.stack("changed", {"kept": {"input": 2}, "new": {}}, removed=removed)
    after.stack("emptied", {}, removed=removed)
    after.stack("fresh", {"new": {}})
    changed, emptied, fresh, left = _compared(before, after)
    assert [each.change for each in (changed, emptied, fresh, left)] == ["changes", "emptied", "appears", "left"]
    assert (changed.created, changed.updated) == (("terraform_data.new",), ("terraform_data.kept",))
    assert (changed.destroyed, changed.forgotten) == (("terraform_data.gone",), ("terraform_data.data",))
    assert (emptied.destroyed, emptied.forgotten) == (
        ("terraform_data.gone", "terraform_data.kept"),
        ("terraform_data.data",),
    )
    assert fresh.created == ("terraform_data.new",)
    assert left.untouched == ("terraform_data.data", "terraform_data.gone", "terraform_data.kept")


def test_the_text_holds_all_that_the_data_holds(tmp_path: Path) -> None:
    """Every address, sentence and command of a plan stands in its text."""
    before, after = Synthesis(tmp_path / "before"), Synthesis(tmp_path / "after")
    before.stack("one", {"gone": {}})
    after.stack("one", {"new": {}})
    step = Step(
        stage="closed",
        edit=Edit(file="teams/a.yaml", line=7, action="replace", text="offboarding: closed"),
        stacks=_compared(before, after),
        by_hand=("A person: waits.",),
        commands=("mlgov apply",),
    )
    leaving = LeavingPlan(
        organization="acme", kind="team", name="a", stage="suspended", own=("a-dev",), used=(), steps=(step,)
    )
    shown = text(leaving)
    for part in ("team a of acme: suspended", "1. closed", "teams/a.yaml:7 replace", "A person: waits.", "mlgov apply"):
        assert part in shown
    assert "creates 1\n                terraform_data.new" in shown
    assert "destroys 1\n                terraform_data.gone" in shown
