"""Coverage is measured on what the stacks hold: taken away there, a point is missing, whatever the catalogue says."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from csv import DictReader
from io import StringIO
from typing import Any

import pytest

import main
from modules.foundations.control_tower.controls import CONTROLS
from policies.attached import holds
from policies.carriers import Carriers
from policies.catalogue import shipped
from policies.coverage import Coverage, Point, measure
from policies.errors import CatalogueError
from policies.guardrail_table import EXAMPLE
from policies.guardrails import statement
from policies.reach import Reach
from policies.record import Outcome
from policies.report.controls import covered, idle_policies, listed, shown
from policies.report.csv import matrix
from policies.verdict import Counts, Finding, StackVerdict, Verdict
from tests.support.organisations import Synthesised, documents

CATALOGUE = shipped()
GUARDRAILS = "management-guardrails"
Measure = Callable[..., Coverage]


@pytest.fixture(scope="module", name="acme")
def _acme(synthesised: Synthesised) -> tuple[dict[str, Any], dict[str, Any]]:
    """Manifest and stacks of the reference organisation."""
    out = synthesised("acme")
    manifest = json.loads((out / "mlgov.json").read_bytes())
    return manifest, {entry.id: document for entry, document in documents(out)}


def _points(coverage: Coverage, control: str, kind: str) -> list[Point]:
    (found,) = (one for one in coverage.controls if one.id == control)
    return [point for point in found.points if point.kind == kind]


def _verdict(manifest: dict[str, Any], policy: str, stack: str) -> Verdict:
    """A verdict over all stacks, in which one policy judged one resource."""
    finding = Finding(
        stack=stack,
        address="aws_kms_key.k",
        path=None,
        line=1,
        policy=policy,
        title="t",
        control=None,
        severity=None,
        outcome=Outcome.PASSED,
        message="",
        remediation=None,
        waiver=None,
    )
    judged = {
        entry["id"]: StackVerdict(
            sha256=entry["sha256"], file="f", passed=True, counts=Counts(passed=1), valid_until=None
        )
        for entry in manifest["stacks"]
    }
    return Verdict(
        passed=True,
        valid_until=None,
        policy_digest="d",
        checkov_version="v",
        stacks=judged,
        findings=(finding,),
        unjudged=(),
        faults=(),
    )


@pytest.mark.e2e
def test_a_denial_binds_the_accounts_below_where_it_is_attached(acme: tuple[Any, Any]) -> None:
    """A statement of the loosest level binds every member account; one of level strict those of strict units alone."""
    coverage = measure(CATALOGUE, *acme, None)
    (loose, *_) = _points(coverage, "DATA-01", "preventive")
    assert (loose.state, set(loose.accounts)) == ("carried", set(coverage.bound))
    assert set(coverage.accounts) - set(coverage.bound) == {"management"}
    (strict, *_) = _points(coverage, "SM-21", "preventive")
    assert strict.state == "carried"
    assert set() < set(strict.accounts) < set(coverage.bound)
    assert all(carrier.startswith(f"{GUARDRAILS}/aws_organizations_policy.") for carrier in strict.carriers)


@pytest.mark.e2e
def test_what_is_not_attached_is_missing(acme: tuple[Any, Any]) -> None:
    """Without its attachments every document is text: no denial is carried, and no level is in use."""
    manifest, stacks = acme
    bare = deepcopy(stacks)
    del bare[GUARDRAILS]["resource"]["aws_organizations_policy_attachment"]
    points = [point for control in measure(CATALOGUE, manifest, bare, None).controls for point in control.points]
    denied = {point.state for point in points if point.name.startswith(("scp of level", "rcp of level"))}
    assert denied == {"unused"}


@pytest.mark.e2e
def test_a_statement_taken_out_of_its_document_is_a_gap(acme: tuple[Any, Any]) -> None:
    """One action less in the rendered document, and the control that needs it is missing there."""
    manifest, stacks = acme
    less = deepcopy(stacks)
    for policy in less[GUARDRAILS]["resource"]["aws_organizations_policy"].values():
        policy["content"] = policy["content"].replace('"organizations:LeaveOrganization"', '"organizations:Nothing"')
    before, after = (measure(CATALOGUE, manifest, found, None) for found in (stacks, less))
    lost = {
        control.id
        for control, now in zip(before.controls, after.controls, strict=True)
        if [point.state for point in control.points] != [point.state for point in now.points]
    }
    expected = {
        control.id
        for control in CATALOGUE.controls.values()
        if control.preventive
        and any("organizations:LeaveOrganization" in denial.actions for denial in control.preventive.statements)
    }
    assert lost == expected != set()


def test_each_denial_is_found_in_what_is_rendered_of_it_and_in_no_other() -> None:
    """The comparison knows every statement of the catalogue, and takes none for another that denies something else."""
    rendered = [
        (denial, statement(denial, EXAMPLE))
        for control in CATALOGUE.controls.values()
        for denial in (control.preventive.statements if control.preventive else ())
    ]
    for denial, body in rendered:
        assert body is not None
        assert holds(body, denial)
        taken = [text for _, text in rendered if text and holds(text, denial)]
        assert all(_but_actions(text) == _but_actions(body) for text in taken)


def _but_actions(body: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != "Action"}


@pytest.mark.e2e
def test_a_policy_counts_where_the_gate_judged_with_it(acme: tuple[Any, Any]) -> None:
    """Its carriers are the resources judged; of a kind that nothing is, it is unused; without a verdict, missing."""
    manifest, stacks = acme
    verdict = _verdict(manifest, "CKV_MLGOV_2", "log-archive-logs")
    coverage = measure(CATALOGUE, manifest, stacks, verdict)
    by_name = {point.name: point for control in coverage.controls for point in control.points}
    assert by_name["CKV_MLGOV_2"].carriers == ("log-archive-logs/aws_kms_key.k",)
    assert by_name["CKV_MLGOV_12"].state == "unused"
    stale = deepcopy(manifest)
    stale["stacks"][0]["sha256"] = "0" * 64
    for told in (measure(CATALOGUE, manifest, stacks, None), measure(CATALOGUE, stale, stacks, verdict)):
        points = [point for control in told.controls for point in control.points]
        assert {point.state for point in points if point.name.startswith("CKV")} == {"missing"}


def _named(coverage: Coverage, name: str) -> Point:
    return next(point for control in coverage.controls for point in control.points if point.name == name)


@pytest.mark.e2e
def test_a_rule_of_the_organisation_reaches_all_but_the_excluded_accounts(acme: tuple[Any, Any]) -> None:
    """It stands in every account; one that the rule excludes is not reached."""
    manifest, stacks = acme
    assert _named(measure(CATALOGUE, manifest, stacks, None), "S3_BUCKET_SSL_REQUESTS_ONLY").accounts == tuple(
        sorted(account["name"] for account in manifest["organization"]["accounts"])
    )
    less = deepcopy(stacks)
    excluded = "${data.terraform_remote_state.management-organization.outputs.account_ids.fraud-dev}"
    for document in less.values():
        for type_ in ("aws_config_organization_managed_rule", "aws_config_organization_conformance_pack"):
            for body in document.get("resource", {}).get(type_, {}).values():
                body["excluded_accounts"] = [excluded]
    reached = _named(measure(CATALOGUE, manifest, less, None), "S3_BUCKET_SSL_REQUESTS_ONLY").accounts
    assert set(_named(measure(CATALOGUE, manifest, stacks, None), "S3_BUCKET_SSL_REQUESTS_ONLY").accounts) - {
        *reached
    } == {"fraud-dev"}


@pytest.mark.e2e
def test_a_control_of_security_hub_counts_where_a_standard_with_it_is_on(acme: tuple[Any, Any]) -> None:
    """Enabled and not disabled below its targets; a control in no standard of ours is a reference, and no point."""
    manifest, stacks = acme
    coverage = measure(CATALOGUE, manifest, stacks, None)
    assert set(_named(coverage, "Security Hub SageMaker.1").accounts) == set(coverage.accounts)
    less = deepcopy(stacks)
    for document in less.values():
        for body in document.get("resource", {}).get("aws_securityhub_configuration_policy", {}).values():
            settings = body["configuration_policy"]["security_controls_configuration"]
            settings["disabled_control_identifiers"] = ["SageMaker.1"]
    disabled = measure(CATALOGUE, manifest, less, None)
    assert _named(disabled, "Security Hub SageMaker.1").state == "missing"
    assert _named(disabled, "Security Hub SageMaker.2").state == "carried"
    named = {id_ for control in CATALOGUE.controls.values() for id_ in control.references.security_hub}
    points = {
        point.name.removeprefix("Security Hub ")
        for control in coverage.controls
        for point in control.points
        if point.name.startswith("Security Hub ")
    }
    assert set() < points < named


@pytest.mark.e2e
def test_hooks_declarations_and_control_tower_count_where_they_are(acme: tuple[Any, Any]) -> None:
    """A hook by its rules' object, a declarative setting by an attached policy, a Control Tower control by its unit."""
    manifest, stacks = acme
    known = {control.identifier: control.code for control in CONTROLS.values()}
    coverage = measure(CATALOGUE, manifest, stacks, None, known)
    teams = {entry["account"] for entry in manifest["stacks"] if entry["stack"] == "hooks"}
    assert set(_named(coverage, "hook AWS::SageMaker::Domain AppNetworkAccessType").accounts) == teams
    assert _named(coverage, "DECLARATIVE_POLICY_EC2 ec2_attributes.instance_metadata_defaults").state == "carried"
    enabled = Carriers.of(stacks, Reach(manifest)).control_tower
    assert {known[identifier] for identifier in enabled} <= {control.code for control in CONTROLS.values()}
    unit = {"target_identifier": "arn:x:ou/o-1/${a.outputs.unit_ids.ml-production}"}
    body = {"control_identifier": "arn:aws:controlcatalog:::control/abc", **unit}
    one = {"management-control-tower": {"resource": {"aws_controltower_control": {"c": body}}}}
    assert Carriers.of(one, Reach(manifest)).control_tower["abc"].accounts == {
        account["name"] for account in manifest["organization"]["accounts"] if account["unit"] == "ml-production"
    }


@pytest.mark.e2e
def test_the_pages_tell_points_and_gaps(acme: tuple[Any, Any]) -> None:
    """The list names every control, a control's page its denials, and coverage ends with the gaps."""
    assert len(listed(CATALOGUE.controls.values()).splitlines()) == len(CATALOGUE.controls) + 1
    page = shown(CATALOGUE.control("SM-01"))
    assert "preventive: scp from sandbox: sagemaker:CreateDomain when StringNotEquals" in page
    coverage = measure(CATALOGUE, *acme, None)
    text = covered(coverage)
    assert f"of {len(coverage.bound)} accounts by {GUARDRAILS}/" in text
    assert [line.split()[1] for line in text.splitlines() if line.startswith("gap: ")] == [
        control.id for control in coverage.gaps
    ]
    assert "SM-12" in {control.id for control in coverage.gaps}  # acme names no approved VPC


@pytest.mark.e2e
def test_policies_that_judge_nothing_are_named(acme: tuple[Any, Any]) -> None:
    """Of all policies in the catalogue, those without a judged resource are listed at the end of the coverage."""
    manifest, stacks = acme
    coverage = measure(CATALOGUE, manifest, stacks, _verdict(manifest, "CKV_MLGOV_2", "log-archive-logs"))
    idle = idle_policies(coverage)
    assert set(idle) == CATALOGUE.policies - {"CKV_MLGOV_2"}
    assert f"{len(idle)} policies judge nothing here: " in covered(coverage)


@pytest.mark.e2e
def test_the_matrix_has_a_row_for_each_control_and_account(acme: tuple[Any, Any]) -> None:
    """Carried only where a point reaches: a guardrail binds member accounts, and not the management account."""
    coverage = measure(CATALOGUE, *acme, None)
    rows = {(row["control"], row["account"]): row for row in DictReader(StringIO(matrix(coverage)))}
    assert len(rows) == len(CATALOGUE.controls) * len(coverage.accounts)
    assert rows["DATA-01", "fraud-dev"]["preventive"] == "carried"
    assert rows["DATA-01", "management"]["preventive"] == "elsewhere"
    assert rows["DATA-01", "management"]["detective"] == "carried"
    assert rows["IAM-04", "management"]["preventive"] == "none"


def test_an_unknown_control_is_an_error_of_the_caller() -> None:
    """Its id is told, with the command that lists the others; the exit code is 2."""
    with pytest.raises(CatalogueError, match="no control 'SM-99': `mlgov controls list`"):
        CATALOGUE.control("SM-99")
    assert main.main(["controls", "show", "SM-99"]) == 2


@pytest.mark.e2e
def test_gaps_are_exit_code_2(synthesised: Synthesised, tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """`mlgov controls coverage` ends with 2 where a control that is asked for is carried by nothing; as JSON, too."""
    given = ["controls", "coverage", "--out", str(synthesised("minnow")), "--work", str(tmp_path), "--format", "json"]
    assert main.main(given) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["organization"] == "minnow"
    assert {control["id"] for control in told["controls"]} == set(CATALOGUE.controls)
