"""The coverage matrix and the frameworks: which mark stands in a cell, and where a control is counted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from policies.catalogue import KINDS
from policies.errors import CatalogueError
from policies.report import frameworks
from policies.report.data import collect
from policies.report.model import ControlView, Mark, ReportData
from policies.report.plans import Plans
from tests.policies.report import sample
from tests.policies.report.sample import collected

Json = dict[str, Any]


def view(data: ReportData, control: str) -> ControlView:
    return next(view for view in data.matrix.controls if view.control.id == control)


def marks(data: ReportData, control: str, account: str) -> str:
    """The marks of a cell: preventive, detective, proactive."""
    columns = [one.name for one in data.matrix.accounts]
    return " ".join(view(data, control).cells[columns.index(account)])


def test_every_control_has_a_cell_for_every_account(data: ReportData) -> None:
    """The matrix is as wide as the organisation has accounts, each cell with the three kinds of point."""
    assert len(data.matrix.accounts) == 19
    assert {len(view.cells) for view in data.matrix.controls} == {19}
    assert {len(cell) for view in data.matrix.controls for cell in view.cells} == {len(KINDS)}


def test_accounts_stand_by_environment(data: ReportData) -> None:
    """Columns begin with the accounts of the organisation, then production, test and development."""
    environments = [account.environment for account in data.matrix.accounts]
    assert list(dict.fromkeys(environments)) == ["org", "prod", "test", "dev"]
    assert environments == sorted(environments, key=["org", "prod", "test", "dev"].index)


@pytest.mark.parametrize(
    ("control", "account", "expected"),
    [
        ("DATA-03", "fraud-dev", "carried carried carried"),
        ("DATA-03", "management", "unused carried carried"),  # no guardrail binds the management account
        ("DATA-03", "payments", "carried carried failed"),
        ("KMS-02", "fraud-dev", "missing none carried"),
        ("NET-07", "management", "unused none none"),
        ("DATA-02", "network", "none none unused"),
        ("SM-10", "network", "none none none"),
    ],
)
def test_a_cell_tells_each_kind_of_point(data: ReportData, control: str, account: str, expected: str) -> None:
    """A kind is carried where a point reaches, missing where one is asked for, failed where a policy is broken."""
    assert marks(data, control, account) == expected


def test_a_waived_breach_is_waived_and_not_carried(manifest: Json, verdict: Json, today: date) -> None:
    """With nothing but waived findings a proactive point is waived in their account; elsewhere it is carried."""
    waiver = {"reason": "r", "ticket": "t", "owner": "o", "approver": "a", "expires": "2026-12-09"}
    for finding in verdict["findings"]:
        if finding["outcome"] == "failed":
            finding.update(outcome="waived", waiver=waiver)
    data = collected(manifest, verdict, None, None, today)
    assert marks(data, "DATA-03", "payments") == "carried carried waived"
    assert marks(data, "DATA-03", "fraud-dev") == "carried carried carried"
    assert view(data, "DATA-03").mark is Mark.WAIVED


def test_a_failure_counts_before_a_missing_point(data: ReportData) -> None:
    """Of a control's marks the worst is its own, and a control with no point has none."""
    assert {view.control.id: str(view.mark) for view in data.matrix.controls} == {
        "DATA-02": "unused",
        "DATA-03": "failed",
        "KMS-02": "failed",
        "LOG-04": "failed",
        "NET-07": "missing",
        "SM-10": "none",
    }
    assert view(data, "KMS-02").marks == (Mark.FAILED, Mark.MISSING, Mark.CARRIED, Mark.UNUSED, Mark.NONE)


def test_carriers_stand_by_stack(data: ReportData) -> None:
    """The resources that carry a point are told stack by stack."""
    (guardrail, *_) = view(data, "DATA-03").points
    assert [(item.stack, item.addresses) for item in guardrail.carriers] == [
        ("management-organization", ("aws_organizations_policy.deny",))
    ]


def test_coverage_of_another_catalogue_is_refused(manifest: Json, today: date) -> None:
    """A control that the coverage has and the catalogue has not is an error that names it."""
    smaller = sample.catalogue()
    del smaller.controls["SM-10"]
    with pytest.raises(CatalogueError, match="SM-10"):
        collect(manifest, None, None, None, today, coverage=sample.coverage(manifest), catalogue=smaller)


def test_requirements_are_sorted_as_people_count(data: ReportData) -> None:
    """AC-2 stands before its enhancement AC-2(1), and both before AC-10; a control stands under each of its clauses."""
    nist = data.frameworks[0]
    assert [item.clause for item in nist.requirements][:4] == ["AC-2", "AC-2(1)", "AC-3", "AC-10"]
    assert [view.control.id for view in nist.requirements[0].controls] == ["DATA-03", "KMS-02"]
    assert frameworks.tallied(nist.requirements[0].controls) == ((Mark.FAILED, 2),)
    assert len(frameworks.controls_of(nist)) == 6


def test_only_mappings_of_ours_are_proposed(data: ReportData) -> None:
    """ISO 42001 and the EU AI Act are marked as proposed, the published frameworks are not."""
    assert {item.key for item in data.frameworks if item.proposed} == {"iso_42001", "eu_ai_act"}
    assert [item.key for item in data.frameworks][:4] == ["nist_800_53", "security_hub", "iso_27001", "control_tower"]
    assert frameworks.served(data.frameworks)["DATA-03"] == ["nist_800_53", "eu_ai_act"]


def test_the_gate_on_plans_counts_while_the_plans_are_there(manifest: Json, verdict: Json, today: date) -> None:
    """A failed plan makes its stack `plan gate failed`; one that is gone says nothing, a newer one is out of date."""
    stack = "payments-baseline"
    planned = verdict["stacks"][stack]["sha256"]
    for documents, word, findings in (
        ({stack: planned}, "plan gate failed", 3),
        ({}, "not run", 0),
        ({stack: "0" * 64}, "plan gate out of date", 3),
    ):
        data = collected(manifest, None, None, None, today, plans=Plans(verdict, documents))
        found = next(one for one in data.stacks if one.id == stack)
        assert (found.status.word, len(found.plan_findings)) == (word, findings), documents
