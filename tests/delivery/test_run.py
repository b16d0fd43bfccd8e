"""plan, apply and destroy over a graph of stacks, with real Terraform and its built-in provider."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from delivery.run_result import RunResult
from environments.manifest import ManifestError
from modules.core.errors import ConfigError
from policies.errors import GateError
from tests.delivery.conftest import Deliver, statuses
from tests.support.stacks import Silent, Synthesis, shell

pytestmark = pytest.mark.e2e  # it starts Terraform, if not against AWS


def test_apply_starts_a_stack_only_after_what_it_depends_on(synthesis: Synthesis, deliver: Deliver) -> None:
    """A stack's Terraform starts after the Terraform of its dependency has ended, even over an unselected stack."""
    synthesis.stack("a-first", {"x": shell("sleep 0.3")})
    synthesis.stack("b", {"x": {}}, depends_on=["a-first"])
    synthesis.stack("a-third", {"x": {}}, depends_on=["b"])
    heard = Silent()
    result = deliver("apply", reporter=heard, select="a-*")
    assert statuses(result) == {"a-first": "applied", "a-third": "applied"}
    assert heard.events.index(("finished", "a-first")) < heard.events.index(("started", "a-third"))
    assert synthesis.applied("b") == []


def test_independent_stacks_run_at_the_same_time(synthesis: Synthesis, deliver: Deliver) -> None:
    """With two jobs the second independent stack starts before the first has finished."""
    synthesis.stack("one", {"x": shell("sleep 0.5")})
    synthesis.stack("two", {"x": shell("sleep 0.5")})
    heard = Silent()
    deliver("apply", reporter=heard)
    assert heard.events.index(("started", "two")) < heard.events.index(("finished", "one"))


def test_a_failed_stack_blocks_its_dependents_and_no_others(synthesis: Synthesis, deliver: Deliver) -> None:
    """Dependents of a failed stack are named as blocked by it; an independent branch is applied; the exit code is 4."""
    synthesis.stack("bad", {"broken": shell("echo no such thing >&2; exit 3")})
    synthesis.stack("after", {"x": {}}, depends_on=["bad"])
    synthesis.stack("last", {"x": {}}, depends_on=["after"])
    synthesis.stack("apart", {"x": {}})
    result = deliver("apply")
    by_id = {stack.id: stack for stack in result.stacks}
    assert statuses(result) == {"bad": "failed", "after": "blocked", "last": "blocked", "apart": "applied"}
    assert (by_id["after"].note, by_id["last"].note) == ("blocked by bad", "blocked by after")
    failure = by_id["bad"].failure
    assert failure is not None
    assert failure.address == "terraform_data.broken"
    assert "no such thing" in failure.detail
    assert "no such thing" in Path(by_id["bad"].log).read_text(encoding="utf-8")
    assert result.exit_code() == 4


def test_plan_goes_on_beside_a_failed_stack(synthesis: Synthesis, deliver: Deliver) -> None:
    """A plan that fails blocks nothing: plans only read."""
    synthesis.stack("bad", {"x": {"input": '${file("absent")}'}})
    synthesis.stack("after", {"x": {}}, depends_on=["bad"])
    result = deliver("plan")
    assert statuses(result) == {"bad": "failed", "after": "planned"}
    assert result.stacks[0].failure is not None
    assert result.stacks[0].failure.address == "terraform_data.x"


def test_plan_counts_changes_and_is_clean_after_apply(synthesis: Synthesis, deliver: Deliver) -> None:
    """Before apply a plan counts what is to be added, after it the plan is unchanged and drift is not found."""
    synthesis.stack("one", {"x": {"input": "1"}, "y": {}})
    before = deliver("plan")
    assert before.stacks[0].changes is not None
    assert before.stacks[0].changes.add == 2
    assert (before.exit_code(), before.exit_code(fail_on_drift=True)) == (0, 4)
    assert statuses(deliver("apply")) == {"one": "applied"}
    after = deliver("plan")
    assert statuses(after) == {"one": "unchanged"}
    assert after.exit_code(fail_on_drift=True) == 0
    assert statuses(deliver("apply")) == {"one": "unchanged"}


def test_a_replacement_counts_as_one(synthesis: Synthesis, deliver: Deliver) -> None:
    """A changed trigger is one replacement: one to add, one to destroy, one to replace."""
    synthesis.stack("one", {"x": {"triggers_replace": ["1"]}})
    deliver("apply")
    synthesis.stack("one", {"x": {"triggers_replace": ["2"]}})
    changes = deliver("plan").stacks[0].changes
    assert changes is not None
    assert (changes.add, changes.change, changes.destroy, changes.replace) == (1, 0, 1, 1)


def test_what_was_planned_is_what_is_applied(synthesis: Synthesis, deliver: Deliver) -> None:
    """An apply after a plan of the same bytes carries out the saved plan, and the log holds it as people read it."""
    access = {"access": {"type": "string", "default": "plan", "ephemeral": True}}
    synthesis.stack("one", {"x": {"input": "${timestamp()}"}}, variable=access)
    planned = deliver("plan")
    assert 'resource "terraform_data" "x"' in Path(planned.stacks[0].log).read_text(encoding="utf-8")
    applied = deliver("apply")
    assert statuses(applied) == {"one": "applied"}
    assert applied.stacks[0].note.startswith("applied the plan saved at ")
    assert deliver("apply").stacks[0].note == ""


def test_a_plan_of_other_bytes_is_not_applied(synthesis: Synthesis, deliver: Deliver) -> None:
    """When the stack's bytes changed after the plan, apply plans anew and applies the new bytes."""
    synthesis.stack("one", {"x": {}})
    deliver("plan")
    synthesis.stack("one", {"y": {}})
    result = deliver("apply")
    assert result.stacks[0].note == ""
    assert synthesis.applied("one") == ["terraform_data.y"]


def test_destroy_goes_the_other_way_and_keeps_the_bootstrap_stack(synthesis: Synthesis, deliver: Deliver) -> None:
    """Dependents are destroyed before what they depend on; the bootstrap stack, which holds all states, stays."""
    synthesis.stack("boot", {"x": {}}, stack="bootstrap")
    synthesis.stack("base", {"x": {}}, depends_on=["boot"])
    synthesis.stack("top", {"x": {}}, depends_on=["base"])
    deliver("apply")
    heard = Silent()
    result = deliver("destroy", reporter=heard)
    assert statuses(result) == {"base": "destroyed", "top": "destroyed"}
    assert heard.events.index(("finished", "top")) < heard.events.index(("started", "base"))
    assert synthesis.applied("boot") == ["terraform_data.x"]
    assert synthesis.applied("base") == []


def test_a_protected_resource_is_named_when_destroy_meets_it(synthesis: Synthesis, deliver: Deliver) -> None:
    """prevent_destroy makes destroy fail with the resource's address and what to do; dependencies are left alone."""
    synthesis.stack("base", {"x": {}})
    synthesis.stack("top", {"kept": {"lifecycle": {"prevent_destroy": True}}}, depends_on=["base"])
    deliver("apply")
    result = deliver("destroy")
    assert statuses(result) == {"base": "blocked", "top": "failed"}
    failure = result.stacks[1].failure
    assert failure is not None
    assert failure.address == "terraform_data.kept"
    assert "prevent_destroy" in failure.advice
    assert synthesis.applied("base") == ["terraform_data.x"]


def test_the_result_can_be_read_back(synthesis: Synthesis, deliver: Deliver, tmp_path: Path) -> None:
    """last-apply.json holds exactly the result that the run returned."""
    synthesis.stack("one", {"x": {}})
    result = deliver("apply")
    assert RunResult.read(tmp_path / "work/acme/aws/last-apply.json") == result


def test_bytes_that_are_not_the_manifests_are_refused(synthesis: Synthesis, deliver: Deliver) -> None:
    """A stack edited after synthesis stops plan and apply before Terraform starts."""
    synthesis.stack("one", {"x": {}})
    path = synthesis.out / "stacks/one/cdk.tf.json"
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    for verb in ("plan", "apply"):
        with pytest.raises(ManifestError, match=r"stack one: .* was changed after synthesis"):
            deliver(verb)


def test_nothing_is_applied_to_aws_without_a_verdict_for_these_bytes(synthesis: Synthesis, deliver: Deliver) -> None:
    """apply and destroy on AWS are refused with the names of the stacks that the gate has not passed; plan is not."""
    synthesis.stack("passed", {"x": {}})
    synthesis.stack("other", {"x": {}})
    verdict = {("passed", synthesis.entries["passed"].sha256)}

    def allowed(stack_id: str, sha256: str) -> bool:
        return (stack_id, sha256) in verdict

    for verb in ("apply", "destroy"):
        with pytest.raises(GateError, match=r"of: other\. Run `mlgov gate`"):
            deliver(verb, allowed=allowed)
    assert synthesis.applied("passed") == []
    assert deliver("plan", allowed=allowed).ok
    assert deliver("apply", allowed=allowed, select="passed").ok


def test_destroy_on_aws_needs_the_organisations_name(synthesis: Synthesis, deliver: Deliver) -> None:
    """Without the right --yes-destroy nothing is destroyed, exit code 2."""
    synthesis.stack("one", {"x": {}})
    deliver("apply")
    with pytest.raises(ConfigError, match="--yes-destroy acme") as caught:
        deliver("destroy", yes_destroy="acne")
    assert caught.value.exit_code == 2
    assert synthesis.applied("one") == ["terraform_data.x"]


def test_a_pattern_that_matches_nothing_is_an_error(synthesis: Synthesis, deliver: Deliver) -> None:
    """--stack with no match says so instead of doing nothing well."""
    synthesis.stack("one", {"x": {}})
    with pytest.raises(ConfigError, match=r"--stack two\*: no stack to apply"):
        deliver("apply", select="two*")


def test_the_synthesis_is_only_read(synthesis: Synthesis, deliver: Deliver) -> None:
    """plan and apply leave every file of the out folder as it was and add none."""
    synthesis.stack("one", {"x": {}})
    synthesis.manifest.write(synthesis.out)
    before = {path: path.read_bytes() for path in synthesis.out.rglob("*") if path.is_file()}
    deliver("plan")
    deliver("apply")
    assert {path: path.read_bytes() for path in synthesis.out.rglob("*") if path.is_file()} == before


def test_assets_go_with_the_stack(synthesis: Synthesis, deliver: Deliver) -> None:
    """A file that the stack ships beside its JSON is there when Terraform reads it."""
    synthesis.stack("one", {"x": {"input": '${file("assets/code.txt")}'}})
    (synthesis.out / "stacks/one/assets").mkdir()
    (synthesis.out / "stacks/one/assets/code.txt").write_text("shipped", encoding="utf-8")
    assert deliver("apply").ok
    assert "shipped" in (synthesis.states / "one.tfstate").read_text(encoding="utf-8")


def test_an_unsaved_state_stops_the_stack(synthesis: Synthesis, deliver: Deliver, tmp_path: Path) -> None:
    """errored.tfstate, the only record of real resources, is kept and must be pushed before anything else runs."""
    synthesis.stack("one", {"x": {}})
    deliver("plan")
    errored = tmp_path / "work/acme/aws/run/one/errored.tfstate"
    errored.write_text("{}", encoding="utf-8")
    result = deliver("apply")
    assert statuses(result) == {"one": "failed"}
    assert result.stacks[0].failure is not None
    assert "state push errored.tfstate" in result.stacks[0].failure.advice
    assert errored.is_file()


def test_the_log_is_appended_to_and_holds_no_environment(
    synthesis: Synthesis, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second run adds to the log; no value of the environment and no source snippet gets into it."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "very-secret-value")
    synthesis.stack("one", {"x": {"input": '${file("absent")}'}, "y": {"input": "in-the-snippet"}})
    log = Path(deliver("apply").stacks[0].log)
    first = log.read_text(encoding="utf-8")
    deliver("apply")
    second = log.read_text(encoding="utf-8")
    assert second.startswith(first)
    assert len(second) > len(first)
    assert "very-secret-value" not in second
    assert "in-the-snippet" not in second


def test_arguments_of_the_callers_environment_do_not_change_the_run(
    synthesis: Synthesis, deliver: Deliver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """TF_CLI_ARGS, TF_WORKSPACE and TF_DATA_DIR of the caller are not passed on to Terraform."""
    monkeypatch.setenv("TF_CLI_ARGS_apply", "-no-such-flag")
    monkeypatch.setenv("TF_WORKSPACE", "elsewhere")
    monkeypatch.setenv("TF_DATA_DIR", str(tmp_path / "data"))
    synthesis.stack("one", {"x": {}})
    assert deliver("apply").ok
    assert not (tmp_path / "data").exists()
    assert json.loads((synthesis.states / "one.tfstate").read_text(encoding="utf-8"))["resources"]
