"""Each policy passes, fails and ignores exactly the subjects of its cases, as stack and as plan, and says why."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from policies.plan import PlanDocument
from policies.record import StackScan
from tests.policies.cases import Case
from tests.policies.cases.synthesis import shipped, stack_of, synthesised
from tests.policies.plans.record import FOLDER, UNJUDGED, recorded
from tests.policies.support import Json, judged, text

if TYPE_CHECKING:
    from policies.scan.engine import Engine

pytestmark = pytest.mark.e2e  # synthesises, plans and scans many stacks

# Policies that refuse a type of resource however it is configured: nothing passes them.
REFUSED = {"CKV_MLGOV_301", "CKV_MLGOV_306"}
STACKS = sorted({stack_of(case) for case in shipped()})
Scans = Mapping[str, tuple[StackScan, StackScan]]


def _record(name: str) -> str:
    return f"run `python -m tests.policies.plans.record {name}`"


@pytest.fixture(scope="module", name="written")
def _written() -> Mapping[str, Json]:
    return synthesised()


@pytest.fixture(scope="module", name="scans")
def _scans(engine: Engine, written: Mapping[str, Json]) -> Scans:
    """Each stack of cases, scanned as it is synthesised and as it is planned."""
    found = {}
    for name, document in written.items():
        stack, plan = engine.scan(text(document)), engine.scan((FOLDER / f"{name}.json").read_bytes(), "plan")
        assert stack.faults == plan.faults == ()
        found[name] = (stack, plan)
    return found


def _nonempty(outcomes: Mapping[str, set[str]]) -> dict[str, set[str]]:
    return {outcome: addresses for outcome, addresses in outcomes.items() if addresses}


def test_every_policy_with_cases_fails_something() -> None:
    """A case may show that a policy leaves an environment alone; over all its cases it fails some subject."""
    failing = {case.policy for case in shipped() if case.fails}
    assert failing == {case.policy for case in shipped()}


@pytest.mark.parametrize("case", shipped(), ids=lambda case: case.tag)
def test_a_policy_judges_exactly_what_it_is_for(scans: Scans, case: Case) -> None:
    """Of its own subjects it passes the compliant, fails the others with the reason, and leaves the rest unjudged."""
    sides = {"passed": case.passes, "failed": case.fails}
    expected = {outcome: {case.address(name) for name in subjects} for outcome, subjects in sides.items() if subjects}
    own = set().union(*expected.values(), (case.address(name) for name in case.ignores))
    for scan in scans[stack_of(case)]:
        found = {outcome: addresses & own for outcome, addresses in judged(scan, case.policy).items()}
        assert _nonempty(found) == _nonempty(expected)
    messages = {
        record.address: record.message for record in scans[stack_of(case)][0].records if record.policy == case.policy
    }
    for name, (_, says) in case.fails.items():
        assert says in messages[case.address(name)]


def test_every_policy_has_cases_each_way() -> None:
    """Cases of one policy may stand in several environments; together they hold what passes and what fails."""
    both = {case.policy for case in shipped() if case.passes} & {case.policy for case in shipped() if case.fails}
    assert {case.policy for case in shipped()} == both | REFUSED


@pytest.mark.parametrize("name", STACKS)
def test_the_record_is_of_the_case(written: Mapping[str, Json], name: str) -> None:
    """Whoever changes a case records its plan anew."""
    kept = PlanDocument.model_validate_json((FOLDER / f"{name}.json").read_bytes())
    assert kept.stack.encode() == text(written[name]), _record(name)


@pytest.mark.parametrize("name", STACKS)
def test_terraform_plans_what_is_recorded(written: Mapping[str, Json], name: str, tmp_path: Path) -> None:
    """The Terraform and the provider of today make the plan that is kept."""
    if not (shutil.which("terraform") or shutil.which("tofu")):
        pytest.skip("neither terraform nor tofu is on PATH: run `make terraform` and put .mlgov/bin on PATH")
    found = recorded(name, written[name], tmp_path).model_dump(mode="json", exclude=UNJUDGED)
    assert found == json.loads((FOLDER / f"{name}.json").read_bytes()), _record(name)
