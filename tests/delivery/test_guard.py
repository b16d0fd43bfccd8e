"""What holds data is destroyed by no run that does not name it, with real Terraform and its built-in provider."""

from __future__ import annotations

from typing import Any

import pytest

from delivery import stack_run
from delivery.guard import Guard
from delivery.run_result import Verb
from modules.core import retention
from modules.core.errors import ConfigError
from tests.delivery.conftest import Deliver, statuses
from tests.support.stacks import Synthesis

pytestmark = pytest.mark.e2e  # it starts Terraform, if not against AWS

KEPT = "terraform_data.kept"


@pytest.fixture(autouse=True)
def _data_that_cannot_be_had_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The built-in resource counts as one that holds data."""
    monkeypatch.setattr(retention, "RETAINED", {**retention.RETAINED, "terraform_data": ()})


def test_a_plan_that_loses_data_is_refused(synthesis: Synthesis, deliver: Deliver) -> None:
    """Plan and apply end with exit code 4, address and what to do; nothing is applied, and no plan is saved."""
    for stack_id in ("left-out", "replaced"):
        synthesis.stack(stack_id, {"kept": {"triggers_replace": ["1"]}})
    deliver("apply")
    before = {path.name: path.read_bytes() for path in synthesis.states.iterdir()}
    synthesis.stack("left-out", {"new": {}})
    synthesis.stack("replaced", {"new": {}, "kept": {"triggers_replace": ["2"]}})
    verbs: tuple[Verb, ...] = ("plan", "apply")
    for verb in verbs:
        result = deliver(verb)
        assert (statuses(result), result.exit_code()) == ({"left-out": "failed", "replaced": "failed"}, 4)
        for stack in result.stacks:
            assert stack.failure is not None
            assert stack.failure.address == KEPT
            assert f"--allow-destroy '{stack.id}:{KEPT}'" in stack.failure.advice
            assert "mlgov offboard" in stack.failure.advice
    assert {path.name: path.read_bytes() for path in synthesis.states.iterdir()} == before


def test_what_the_run_names_is_destroyed(synthesis: Synthesis, deliver: Deliver) -> None:
    """With --allow-destroy STACK:ADDRESS the same plan is carried out; another address does not open the door."""
    synthesis.stack("one", {"kept": {}, "other": {}})
    synthesis.stack("two", {"kept": {}})
    deliver("apply")
    for stack_id in ("one", "two"):
        synthesis.stack(stack_id, {"new": {}})
    assert statuses(deliver("apply", allow_destroy=[f"one:{KEPT}"])) == {"one": "failed", "two": "failed"}
    allowed = [f"one:{KEPT}", "one:terraform_data.other"]
    assert statuses(deliver("apply", allow_destroy=allowed)) == {"one": "applied", "two": "failed"}
    assert synthesis.applied("one") == ["terraform_data.new"]
    assert synthesis.applied("two") == [KEPT]


def test_a_saved_plan_that_loses_data_needs_its_names_again(synthesis: Synthesis, deliver: Deliver) -> None:
    """What one run was allowed to plan, the next must be allowed to apply."""
    synthesis.stack("one", {"kept": {}})
    deliver("apply")
    synthesis.stack("one", {"new": {}})
    allowed = [f"one:{KEPT}"]
    assert statuses(deliver("plan", allow_destroy=allowed)) == {"one": "planned"}
    assert statuses(deliver("apply")) == {"one": "failed"}
    assert synthesis.applied("one") == [KEPT]
    assert statuses(deliver("plan", allow_destroy=allowed)) == {"one": "planned"}
    applied = deliver("apply", allow_destroy=allowed)
    assert applied.stacks[0].note.startswith("applied the plan saved at ")
    assert synthesis.applied("one") == ["terraform_data.new"]


def test_what_is_forgotten_is_not_lost(synthesis: Synthesis, deliver: Deliver) -> None:
    """A removed block with destroy = false passes the guard: the state drops the resource, the next plan is clean."""
    synthesis.stack("one", {"kept": {}, "new": {}})
    deliver("apply")
    removed = [{"from": KEPT, "lifecycle": {"destroy": False}}]
    synthesis.stack("one", {"new": {}}, removed=removed)
    assert statuses(deliver("apply")) == {"one": "applied"}
    assert synthesis.applied("one") == ["terraform_data.new"]
    assert statuses(deliver("plan")) == {"one": "unchanged"}
    synthesis.stack("one", {"new": {}})
    assert statuses(deliver("plan")) == {"one": "unchanged"}


def test_a_stack_without_data_is_planned_and_applied_in_one_go(
    synthesis: Synthesis, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard costs a second start of Terraform only where there is something to lose."""
    commands: list[str] = []
    command = stack_run.Session.command

    def counted(self: stack_run.Session, *arguments: Any) -> Any:
        commands.append(str(arguments[2]))
        return command(self, *arguments)

    monkeypatch.setattr(stack_run.Session, "command", counted)
    synthesis.stack("one", {"kept": {}})
    deliver("apply")
    assert commands == ["init", "apply"]
    commands.clear()
    synthesis.stack("one", {"kept": {}, "new": {}})
    deliver("apply")
    assert commands == ["plan", "apply"]
    commands.clear()
    assert statuses(deliver("apply")) == {"one": "unchanged"}
    assert commands == ["plan"]


@pytest.mark.parametrize("named", [KEPT, f":{KEPT}", "one:", f"two:{KEPT}"])
def test_only_an_address_in_a_stack_of_the_run_can_be_named(synthesis: Synthesis, deliver: Deliver, named: str) -> None:
    """--allow-destroy without a stack, or of a stack that is not run, is an error before anything starts."""
    synthesis.stack("one", {"kept": {}})
    with pytest.raises(ConfigError, match="--allow-destroy"):
        deliver("apply", allow_destroy=[named])
    assert synthesis.applied("one") == []


def test_a_refusal_says_what_would_be_lost() -> None:
    """What is gone with a resource stands beside its address, where its type does not say it."""
    addresses = {
        "aws_sagemaker_domain.studio": "the way to its users' home directories",
        "aws_sagemaker_feature_group.card": "its online records",
        "module.a.aws_sagemaker_space.maria[0]": "the files on its volume",
        "aws_sagemaker_user_profile.maria": "the person's way to their home directory",
    }
    failure = Guard().refused("fraud-dev-studio", [*addresses, "aws_glue_catalog_table.plain"])
    assert failure is not None
    for address, words in addresses.items():
        assert f"{address} ({words}" in failure.detail
    assert "aws_glue_catalog_table.plain," in failure.detail.replace(":", ",")


def test_what_is_lost_is_said_of_what_is_protected() -> None:
    """Words stand for types that the guard protects, and for no others."""
    assert set(retention.LOSSES) <= set(retention.RETAINED)
