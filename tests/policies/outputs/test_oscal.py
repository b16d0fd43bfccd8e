"""OSCAL: what compliance-trestle's models and validators accept, with every reference resolved."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from policies.catalogue import shipped
from policies.record import Outcome
from policies.report import oscal
from policies.report.oscal.common import nist_id
from policies.verdict import Verdict
from tests.policies.outputs.verdicts import FAULTS, TODAY, WAIVER, everything, finding, hostile, verdict

pytestmark = pytest.mark.e2e  # importing trestle's validators takes more than all unit tests of formats

Json = dict[str, Any]


def rendered(given: Verdict, today: date = TODAY) -> tuple[Json, Json]:
    """The component definition and the assessment results."""
    texts = oscal.render(given, shipped(), today)
    definition = json.loads(texts[oscal.COMPONENT_DEFINITION])["component-definition"]
    results = json.loads(texts[oscal.ASSESSMENT_RESULTS])["assessment-results"]
    return definition, results


def faults_of_form(texts: dict[str, str]) -> list[str]:
    """What trestle's models and validators refuse, and references to what is not there."""
    from trestle.core.validator_factory import validator_factory
    from trestle.oscal.assessment_results import AssessmentResults
    from trestle.oscal.component import ComponentDefinition

    found = []
    for model, name in (
        (ComponentDefinition, oscal.COMPONENT_DEFINITION),
        (AssessmentResults, oscal.ASSESSMENT_RESULTS),
    ):
        (document,) = json.loads(texts[name]).values()
        read = model.model_validate(document)
        found += [type(one).__name__ for one in validator_factory.get_all() if not one.model_is_valid(read, quiet=True)]
        values = list(_values(document))
        uuids = [value for key, value in values if key == "uuid"]
        found += [f"{value} stands twice" for value in {*uuids} if uuids.count(value) > 1]
        references = {value for key, value in values if key.endswith("-uuid")}
        references |= {value[1:] for key, value in values if key == "href" and value.startswith("#")}
        found += [f"{value} is nothing" for value in references - {*uuids}]
    return found


def _values(content: Any) -> Iterator[tuple[str, str]]:
    """Every text with its key."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from [(key, value)] if isinstance(value, str) else _values(value)
    elif isinstance(content, list):
        for value in content:
            yield from _values(value)


@pytest.mark.parametrize("given", [everything(), hostile(), verdict([])], ids=["everything", "hostile", "nothing"])
def test_both_documents_are_valid_whatever_the_verdict_holds(given: Verdict) -> None:
    """Models and validators find no fault, no id stands twice and no reference points to nothing."""
    assert faults_of_form(oscal.render(given, shipped(), TODAY)) == []


def test_the_validators_refuse_what_is_wrong() -> None:
    """The validators of these tests can fail: an id twice, and a reference to nothing."""
    texts = oscal.render(everything(), shipped(), TODAY)
    document = json.loads(texts[oscal.ASSESSMENT_RESULTS])
    (result,) = document["assessment-results"]["results"]
    result["observations"][0]["uuid"] = result["observations"][1]["uuid"]
    found = faults_of_form(texts | {oscal.ASSESSMENT_RESULTS: json.dumps(document)})
    assert "DuplicatesValidator" in found
    assert any(fault.endswith("is nothing") for fault in found)


def test_a_control_implements_its_clauses_of_nist() -> None:
    """Each control is a component, each of its clauses a requirement with the points of enforcement as properties."""
    definition, _ = rendered(everything())
    controls = shipped().controls
    components = {component["title"].partition(":")[0]: component for component in definition["components"]}
    assert components.keys() == controls.keys()
    for id_, component in components.items():
        requirements = requirements_of(component)
        assert [one["control-id"] for one in requirements] == list(map(nist_id, controls[id_].references.nist_800_53))
        for requirement in requirements:
            told = [prop["value"] for prop in requirement["props"] if prop["name"] == "proactive"]
            assert told == controls[id_].policies
    points = {(prop["name"], prop["value"]) for prop in requirements_of(components["LOG-03"])[0]["props"]}
    assert {("detective", "cloudwatch-log-group-encrypted"), ("proactive", "CKV_MLGOV_7")} <= points


def requirements_of(component: Json) -> list[Json]:
    """What a component implements of NIST SP 800-53."""
    implementations = component.get("control-implementations", ())
    return [one for given in implementations for one in given["implemented-requirements"]]


@pytest.mark.parametrize(
    ("clause", "id_"), [("AC-2", "ac-2"), ("AC-2(1)", "ac-2.1"), ("SC-7(21)", "sc-7.21"), ("IA-2(10)", "ia-2.10")]
)
def test_a_clause_has_the_id_of_nists_catalogue(clause: str, id_: str) -> None:
    """An enhancement follows a dot, and all is in small letters."""
    assert nist_id(clause) == id_


def test_an_observation_says_of_each_resource_what_the_policy_said() -> None:
    """All outcomes, those that are good too; the resource is in the inventory with construct, file and line."""
    _, results = rendered(everything())
    (result,) = results["results"]
    (seen,) = [one for one in result["observations"] if one["title"].startswith("CKV_MLGOV_7:")]
    outcomes = {subject["props"][0]["value"]: subject["subject-uuid"] for subject in seen["subjects"]}
    assert list(outcomes) == ["failed", "waived", "unjudged", "passed"]
    inventory = {one["description"]: one for one in result["local-definitions"]["inventory-items"]}
    resource = inventory["a-trail/aws_x.failed"]
    assert outcomes["failed"] == resource["uuid"]
    told = {prop["name"]: prop["value"] for prop in resource["props"]}
    assert told["construct"] == "a-trail/trail/aws_x.failed"
    assert told["place"] == "cdktf.out/stacks/a-trail/cdk.tf.json:12"


def test_a_waiver_is_an_approved_deviation_with_a_deadline() -> None:
    """Its reason is the statement; ticket, owner and approver are properties. What failed is an open risk."""
    _, results = rendered(verdict([finding(Outcome.WAIVED), finding(Outcome.FAILED, "aws_x.z")]))
    risks = {risk["status"]: risk for risk in results["results"][0]["risks"]}
    assert risks.keys() == {"open", "deviation-approved"}
    waived = risks["deviation-approved"]
    assert (waived["statement"], waived["deadline"]) == (WAIVER.reason, "2027-01-31T00:00:00+00:00")
    told = {prop["name"]: prop["value"] for prop in waived["props"]}
    assert (told["ticket"], told["owner"], told["approver"]) == ("OPS-7", "ops@example.com", "risk@example.com")
    assert risks["open"]["remediations"][0]["description"] == "Set retention_in_days."


@pytest.mark.parametrize(
    ("outcomes", "faults", "state", "reason"),
    [
        ([Outcome.PASSED], (), "satisfied", "pass"),
        ([Outcome.PASSED, Outcome.FAILED], (), "not-satisfied", "fail"),
        ([Outcome.PASSED, Outcome.WAIVED], (), "not-satisfied", "other"),
        ([Outcome.UNJUDGED], (), "not-satisfied", "other"),
        ([Outcome.PASSED], FAULTS[:1], "not-satisfied", "other"),
    ],
    ids=["passed", "failed", "waived", "unjudged", "fault"],
)
def test_a_clause_is_satisfied_only_when_all_is_good(
    outcomes: list[Outcome], faults: tuple[Any, ...], state: str, reason: str
) -> None:
    """A deviation is none that satisfies, nor is the silence of a policy or of a gate with faults."""
    found = [finding(outcome, f"aws_x.{outcome.value}") for outcome in outcomes]
    _, results = rendered(verdict(found, faults=faults))
    states = {one["target"]["target-id"]: one["target"]["status"] for one in results["results"][0]["findings"]}
    assert states.keys() == {f"{nist_id(one)}_smt" for one in shipped().controls["LOG-03"].references.nist_800_53}
    assert {(one["state"], one["reason"]) for one in states.values()} == {(state, reason)}


def test_equal_inputs_make_equal_bytes_and_another_day_another_document() -> None:
    """Ids are made of names, times of the day that is given."""
    first, again = (oscal.render(everything(), shipped(), TODAY) for _ in range(2))
    assert first == again
    other = oscal.render(everything(), shipped(), date(2026, 11, 24))
    for name in first:
        here, there = (next(iter(json.loads(texts[name]).values()))["uuid"] for texts in (first, other))
        assert here != there
    times = {
        value for _, value in _values(json.loads(first[oscal.ASSESSMENT_RESULTS])) if re.match(r"\d{4}-\d\d-", value)
    }
    assert times == {"2026-11-23T00:00:00+00:00", "2027-01-31T00:00:00+00:00"}
