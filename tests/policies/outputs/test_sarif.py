"""SARIF: valid by the schema of OASIS, and what code hosts ask for beyond it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from policies.plan import PlanDocument
from policies.record import Outcome, StackFile
from policies.report import sarif
from policies.verdict import Verdict
from tests.policies.outputs.verdicts import FAULTS, WAIVER, everything, finding, hostile, verdict
from tests.policies.support import gate

SCHEMAS = Path(__file__).parent / "schemas"
PLANS = Path(__file__).parents[1] / "plans" / "recorded"


@pytest.fixture(scope="module", name="validator")
def _validator() -> Draft4Validator:
    return validator()


def validator() -> Draft4Validator:
    """The schema of SARIF 2.1.0, URIs included."""
    schema = json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    return Draft4Validator(schema, format_checker=Draft4Validator.FORMAT_CHECKER)


def _run(given: Verdict) -> dict[str, Any]:
    (run,) = json.loads(sarif.render(given))["runs"]
    found: dict[str, Any] = run
    return found


def test_the_schemas_are_those_of_their_owners() -> None:
    """Each schema has the digest that the table of sources gives it."""
    table = (SCHEMAS / "README.md").read_text(encoding="utf-8")
    for schema in sorted(SCHEMAS.glob("*.json")):
        assert f"| `{hashlib.sha256(schema.read_bytes()).hexdigest()}` |" in table, schema.name


@pytest.mark.parametrize("given", [everything(), hostile(), verdict([])], ids=["everything", "hostile", "nothing"])
def test_sarif_is_valid_whatever_the_verdict_holds(validator: Draft4Validator, given: Verdict) -> None:
    """The schema of OASIS finds no fault."""
    assert list(validator.iter_errors(json.loads(sarif.render(given)))) == []


def test_the_schema_refuses_what_is_wrong(validator: Draft4Validator) -> None:
    """The validator of these tests can fail."""
    log = json.loads(sarif.render(everything()))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert list(validator.iter_errors(log))


def test_each_rule_has_what_github_asks_for() -> None:
    """Descriptions within 1,024 characters, help, a score in GitHub's band of the severity, and at most ten tags."""
    bands = {"CRITICAL": (9.0, 10.0), "HIGH": (6.9, 8.9), "MEDIUM": (3.9, 6.9), "LOW": (0.0, 3.9)}
    severities = {one.policy: one.severity for one in everything().findings}
    for rule in _run(everything())["tool"]["driver"]["rules"]:
        assert 0 < len(rule["shortDescription"]["text"]) < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert "security" in rule["properties"]["tags"][:10]
        severity = severities[rule["id"]]
        assert (severity is None) == ("security-severity" not in rule["properties"])
        if severity:
            low, high = bands[severity]
            assert low < float(rule["properties"]["security-severity"]) <= high


def test_a_place_is_relative_to_the_repository_and_names_the_construct() -> None:
    """The URI has a base and no character that a URI cannot have; the file is an artifact with its digest."""
    run = _run(everything())
    assert run["originalUriBaseIds"].keys() == {"%SRCROOT%"}
    files = [artifact["location"] for artifact in run["artifacts"]]
    assert files[1] == {"uri": "cdktf.out/stacks/b-data%20lake/cdk.tf.json", "uriBaseId": "%SRCROOT%"}
    assert run["artifacts"][0]["hashes"] == {"sha-256": "a" * 64}
    names = set()
    for result in run["results"]:
        (place,) = result["locations"]
        file = place["physicalLocation"]["artifactLocation"]
        assert file == files[file["index"]] | {"index": file["index"]}
        assert place["physicalLocation"]["region"]["startLine"] >= 1
        (logical,) = place["logicalLocations"]
        names.add(logical["fullyQualifiedName"])
    assert {"a-trail/trail/aws_x.failed", "a-trail/provider.aws", "b-data lake/provider.aws"} <= names


def test_a_fingerprint_is_of_the_policy_and_the_address() -> None:
    """The one that GitHub compares survives a move to another line or file, and no two results share it."""
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in _run(everything())["results"]]
    assert len(set(prints)) == len(prints)
    here, there = (_run(verdict([finding(Outcome.FAILED, line=line)]))["results"][0] for line in (12, 99))
    assert here["partialFingerprints"] == there["partialFingerprints"]
    assert here["locations"] != there["locations"]


def test_a_waived_finding_is_suppressed_with_its_justification() -> None:
    """Reason, ticket, owner, approver and end stand in the suppression, and only a waived one has it."""
    for result in _run(everything())["results"]:
        waived = result["partialFingerprints"]["mlgov/v1"] in (
            "CKV_MLGOV_7/a-trail/aws_x.waived",
            "CKV_AWS_18/b-data lake/provider.aws",
        )
        expected = [{"kind": "external", "status": "accepted", "justification": str(WAIVER)}] if waived else None
        assert result.get("suppressions") == expected


def test_the_worst_results_come_first_and_no_more_than_github_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failed before waived, critical before low; what is left out is told, and is no success to be silent about."""
    levels = [(bool(result.get("suppressions")), result["ruleId"]) for result in _run(everything())["results"]]
    order = ["CKV_MLGOV_10", "CKV_MLGOV_11", "CKV_MLGOV_7", "CKV_MLGOV_12", "CKV_AWS_41"]
    assert levels == [*((False, rule) for rule in order), (True, "CKV_MLGOV_7"), (True, "CKV_AWS_18")]
    monkeypatch.setattr(sarif, "MOST_RESULTS", 2)
    run = _run(everything())
    assert [result["ruleId"] for result in run["results"]] == order[:2]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == order[:2]
    assert "5 results are left out" in run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]


def test_faults_are_notifications_of_a_run_that_did_not_succeed() -> None:
    """Each fault has its kind, its text and, where it concerns a stack, its place; without faults the run succeeded."""
    (invocation,) = _run(everything())["invocations"]
    assert invocation["executionSuccessful"] is False
    told = [(note["descriptor"]["id"], note["message"]["text"]) for note in invocation["toolExecutionNotifications"]]
    assert told == [(fault.kind, str(fault)) for fault in FAULTS]
    (placed,) = [note["locations"] for note in invocation["toolExecutionNotifications"] if "locations" in note]
    assert placed[0]["physicalLocation"]["artifactLocation"]["uri"] == "cdktf.out/stacks/a-trail/cdk.tf.json"
    assert placed[0]["logicalLocations"] == [{"fullyQualifiedName": "a-trail/aws_x.y"}]
    assert _run(verdict([]))["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_plans_and_stacks_are_categories_of_their_own() -> None:
    """So a host does not take results over plans for an update of those over stacks; of a plan no digest is told."""
    found = [finding(Outcome.FAILED)]
    stacks, plans = _run(verdict(found)), _run(verdict(found, form="plan"))
    assert [run["automationDetails"]["id"] for run in (stacks, plans)] == ["mlgov/stacks/", "mlgov/plans/"]
    assert "hashes" not in plans["artifacts"][0]


@pytest.mark.usefixtures("in_process")
def test_a_finding_of_a_plan_is_placed_in_the_stack(tmp_path: Path) -> None:
    """A plan document has no lines: its findings name those of the stack that was planned; the block is there."""
    content = (PLANS / "governed.json").read_bytes()
    plan, source = tmp_path / "plan.json", tmp_path / "stacks" / "cdk.tf.json"
    source.parent.mkdir()
    plan.write_bytes(content)
    source.write_text(PlanDocument.model_validate_json(content).stack, encoding="utf-8")
    given = gate([StackFile("a", plan, hashlib.sha256(content).hexdigest(), "plan", source)], tmp_path)
    assert given.faults == ()
    assert (given.form, given.stacks["a"].file) == ("plan", "a/cdk.tf.json")
    lines = source.read_text(encoding="utf-8").splitlines()
    places = {one.address: one.line for one in given.findings if one.address.startswith("aws_")}
    assert len(places) > 5
    for address, line in places.items():
        assert lines[line - 1].strip() == f'"{address.partition(".")[2]}": {{'


def test_no_text_of_a_stack_becomes_a_link() -> None:
    """SARIF takes `[text](target)` in a message for a link."""
    run = _run(hostile())
    texts = [result["message"]["text"] for result in run["results"]]
    texts += [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    texts += [one["justification"] for result in run["results"] for one in result.get("suppressions", ())]
    assert any("evil.example" in text for text in texts)
    assert not any("](" in text for text in texts)
