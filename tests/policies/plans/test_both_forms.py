"""Each policy says the same of a stack and of its plan, which the real Terraform made and this folder keeps."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from policies.catalogue import OWN_POLICY, shipped
from policies.plan import PlanDocument
from policies.record import StackScan
from tests.policies.cases.synthesis import shipped as cases
from tests.policies.plans.fixture import STACKS
from tests.policies.plans.record import FOLDER, UNJUDGED, recorded
from tests.policies.support import judged, text

if TYPE_CHECKING:
    from policies.scan.engine import Engine

RECORD = "run `python -m tests.policies.plans.record`"
PLANS_ALONE = {"CKV_MLGOV_30"}  # it judges what a plan destroys
# Built-in policies that a plan meets and its stack does not: why the gate over stacks stays.
MILDER = {"CKV_AWS_115": "it asks whether reserved concurrency is set, and the provider sets it to -1, which is none"}
# What has a case (tests/policies/cases) is judged in both forms there.
IN_CASES = {case.policy for case in cases()}
OWN = sorted(policy for policy in shipped().policies if policy.startswith(OWN_POLICY) and policy not in IN_CASES)
Scans = Mapping[str, tuple[StackScan, StackScan]]


@pytest.fixture(scope="module", name="scans")
def _scans(engine: Engine) -> Scans:
    """Each fixture's stack and plan, scanned."""
    found = {}
    for name, written in STACKS.items():
        stack, plan = engine.scan(text(written)), engine.scan(_recorded(name), "plan")
        assert stack.faults == plan.faults == ()
        found[name] = (stack, plan)
    return found


def _recorded(name: str) -> bytes:
    return (FOLDER / f"{name}.json").read_bytes()


@pytest.mark.parametrize("policy", sorted({*OWN} - PLANS_ALONE))
def test_stack_and_plan_are_judged_alike(scans: Scans, policy: str) -> None:
    """The policy passes and fails the same addresses in both forms, and there are some of each."""
    outcomes: dict[str, set[str]] = defaultdict(set)
    for stack, plan in scans.values():
        assert judged(plan, policy) == judged(stack, policy)
        for outcome, addresses in judged(plan, policy).items():
            outcomes[outcome] |= addresses
    assert set(outcomes) == {"passed", "failed"}, f"give {policy} both in fixture.py, then {RECORD}"


def test_no_built_in_policy_passes_a_plan_whose_stack_it_fails(scans: Scans) -> None:
    """What a plan knows better than the stack never makes a failure of the stack a pass, apart from what is named."""
    milder = {
        f"{record.policy} {record.address}"
        for stack, plan in scans.values()
        for record in stack.records
        if record.outcome == "failed" and record.address in judged(plan, record.policy).get("passed", ())
    }
    assert {policy for policy, _, _ in (found.partition(" ") for found in milder)} == set(MILDER)


@pytest.mark.parametrize("name", STACKS)
def test_the_record_is_of_the_fixture(name: str) -> None:
    """Whoever changes a fixture records its plan anew."""
    assert PlanDocument.model_validate_json(_recorded(name)).stack.encode() == text(STACKS[name]), RECORD


@pytest.mark.e2e
@pytest.mark.parametrize("name", STACKS)
def test_terraform_plans_what_is_recorded(name: str, tmp_path: Path) -> None:
    """The Terraform and the provider of today make the plan that is kept."""
    if not (shutil.which("terraform") or shutil.which("tofu")):
        pytest.skip("neither terraform nor tofu is on PATH: run `make terraform` and put .mlgov/bin on PATH")
    found = recorded(name, STACKS[name], tmp_path).model_dump(mode="json", exclude=UNJUDGED)
    assert found == json.loads(_recorded(name)), RECORD


def _change(kind: str, name: str, *actions: str, **more: Any) -> dict[str, Any]:
    after = None if actions[-1] == "delete" else {"bucket": name}
    return {
        "address": f"{kind}.{name}",
        "type": kind,
        "name": name,
        "actions": actions,
        "after": after,
        "unknown": {},
    } | more


def _plan(*changes: dict[str, Any], name: str = "local") -> bytes:
    document = json.loads(_recorded(name))
    return json.dumps({**document, "changes": [*document["changes"], *changes]}).encode()


def test_a_plan_that_destroys_what_is_irreplaceable_fails(engine: Engine) -> None:
    """A deleted key and a replaced bucket fail; an update, and the deletion of what can be made again, do not."""
    found = engine.scan(
        _plan(
            _change("aws_kms_key", "gone", "delete"),
            _change("aws_s3_bucket", "replaced", "delete", "create"),
            _change("aws_s3_bucket", "kept", "update"),
            _change("aws_cloudwatch_log_group", "gone", "delete"),
        ),
        "plan",
    )
    assert found.faults == ()
    assert judged(found, "CKV_MLGOV_30") == {"failed": {"aws_kms_key.gone", "aws_s3_bucket.replaced"}}
    assert judged(found, "CKV2_MLGOV_1") == {"failed": {"aws_s3_bucket.replaced", "aws_s3_bucket.kept"}}


def test_a_secret_of_the_plan_is_no_value(engine: Engine) -> None:
    """An attribute that Terraform calls sensitive cannot prove a policy: it fails, and its value is nowhere."""
    after = {"name": "/s", "retention_in_days": "(sensitive value)", "kms_key_id": "k"}
    change = _change("aws_cloudwatch_log_group", "s", "create", after=after)
    assert "aws_cloudwatch_log_group.s" in judged(engine.scan(_plan(change), "plan"), "CKV_MLGOV_7")["failed"]


def test_a_default_that_only_the_provider_knows_is_judged(engine: Engine) -> None:
    """A notebook without a word on internet access passes as a stack, and fails as a plan, which tells the default."""
    after = {"name": "n", "direct_internet_access": "Enabled"}
    found = engine.scan(_plan(_change("aws_sagemaker_notebook_instance", "n", "create", after=after)), "plan")
    assert judged(found, "CKV_AWS_122") == {"failed": {"aws_sagemaker_notebook_instance.n"}}


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        (b"", "not a plan document"),
        (b"{}", "not a plan document"),
        (json.dumps({"version": 2, "stack": "{}", "changes": []}).encode(), "version"),
        (json.dumps({"version": 1, "stack": "{", "changes": []}).encode(), "Expecting property name"),
        (
            json.dumps({**json.loads(_recorded("local")), "changes": []}).encode(),
            "the plan tells nothing of aws_cloudwatch_log_group.pass",
        ),
    ],
    ids=["nothing", "no-plan", "other-version", "broken-stack", "empty-plan"],
)
def test_what_is_no_whole_plan_is_a_fault(engine: Engine, spoilt: bytes, told: str) -> None:
    """A document that is none, or a plan that leaves resources of its stack out, is told and never passes."""
    (fault,) = engine.scan(spoilt, "plan").faults
    assert fault.kind == "unparsable"
    assert told in fault.message
