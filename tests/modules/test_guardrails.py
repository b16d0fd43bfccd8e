"""The guardrails construct keeps what its docstring guarantees."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from modules.foundations.contract import OrganizationContract
from modules.foundations.guardrails import GuardrailPolicy, Guardrails
from tests.support.rendering import NAMING, Rendered, render

STAND_IN = "o-" + "0" * 32
DOCUMENT = {"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": STAND_IN, "aws:x": "${aws:PrincipalTag/team}"}}}
ORGANIZATION = OrganizationContract(
    organization_id="o-acme", root_id="r-1", unit_ids={"top": "ou-1", "below": "ou-2"}, account_ids={}
)


@pytest.fixture(name="guardrails", scope="module")
def _guardrails() -> Rendered:
    content = json.dumps(DOCUMENT, separators=(",", ":"))
    return render(
        lambda scope: Guardrails(
            scope,
            "guardrails",
            naming=replace(NAMING, environment="org", account="management"),
            policies=[
                GuardrailPolicy("scp-sandbox-1", "scp", content, "Controls: A-01", STAND_IN),
                GuardrailPolicy("rcp-sandbox-1", "rcp", content, "Controls: A-02", STAND_IN),
            ],
            attached={"top": ["scp-sandbox-1"], "below": []},
            at_root=["rcp-sandbox-1"],
            organization=ORGANIZATION,
        )
    )


def test_a_policy_holds_its_document_with_the_organisations_id(guardrails: Rendered) -> None:
    """The stand-in becomes the real id, and a variable of IAM is escaped so that Terraform leaves it alone."""
    for policy in guardrails.all("aws_organizations_policy").values():
        tests = json.loads(policy["content"])["Condition"]["StringNotEquals"]
        assert tests == {"aws:PrincipalOrgID": "o-acme", "aws:x": "$${aws:PrincipalTag/team}"}


def test_policies_have_the_type_and_name_of_their_kind(guardrails: Rendered) -> None:
    """Names follow the naming rule, and say kind, level and number."""
    found = {(policy["name"], policy["type"]) for policy in guardrails.all("aws_organizations_policy").values()}
    assert found == {
        ("acme-org-guardrails-scp-sandbox-1", "SERVICE_CONTROL_POLICY"),
        ("acme-org-guardrails-rcp-sandbox-1", "RESOURCE_CONTROL_POLICY"),
    }


def test_policies_stand_where_they_are_meant_to(guardrails: Rendered) -> None:
    """A unit that adds nothing carries nothing; the root carries what is meant for it."""
    found = guardrails.all("aws_organizations_policy_attachment").values()
    targets = {attachment["policy_id"].split("_")[-2]: attachment["target_id"] for attachment in found}
    assert targets == {"scp-sandbox-1": "ou-1", "rcp-sandbox-1": "r-1"}
