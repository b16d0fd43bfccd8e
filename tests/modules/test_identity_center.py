"""Identity Center keeps what its docstrings guarantee."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from modules.foundations.identity_center import Directory, IdentityCenter
from modules.foundations.personas import PERMISSION_SETS, Assignment, Group
from tests.support.rendering import NAMING, Rendered, render

SCIENTISTS = Group("data-scientist", "fraud")
ASSIGNMENTS = [
    Assignment("fraud-dev", SCIENTISTS, "data-scientist"),
    Assignment("fraud-prod", Group("break-glass"), "break-glass"),
]
ACCOUNTS = {"fraud-dev": "222222222222", "fraud-prod": "333333333333"}


def _center(*, external: bool = False) -> Rendered:
    groups = {"fraud-data-scientist": "acme-fraud-data-scientist", "break-glass": "acme-break-glass"}
    return render(
        lambda scope: IdentityCenter(
            scope,
            "identity",
            naming=replace(NAMING, environment="org"),
            directory=Directory(groups, external=external, team_attribute="enterprise.department"),
            session_hours={"data-scientist": 4},
            assignments=ASSIGNMENTS,
            account_ids=ACCOUNTS,
        )
    )


@pytest.fixture(name="center", scope="module")
def _rendered() -> Rendered:
    return _center()


def _sets(center: Rendered) -> dict[str, dict[str, Any]]:
    return {body["name"]: body for body in center.all("aws_ssoadmin_permission_set").values()}


def test_every_set_carries_the_boundary_and_an_inline_policy(center: Rendered) -> None:
    """There is one permission set for each persona and reader; each has one boundary, of people, and one policy."""
    sets = {f"${{aws_ssoadmin_permission_set.{key}.arn}}" for key in center.all("aws_ssoadmin_permission_set")}
    assert len(sets) == len(PERMISSION_SETS)
    boundaries = list(center.all("aws_ssoadmin_permissions_boundary_attachment").values())
    assert {body["permission_set_arn"] for body in boundaries} == sets
    policies = center.all("aws_ssoadmin_permission_set_inline_policy").values()
    assert {body["permission_set_arn"] for body in policies} == sets
    for body in boundaries:
        assert body["permissions_boundary"] == {
            "customer_managed_policy_reference": {"name": "acme-org-people-boundary", "path": "/"}
        }


def test_nobody_holds_a_set_before_its_denials_and_boundary(center: Rendered) -> None:
    """Each assignment waits for the policies and the boundary of its permission set."""
    for body in center.all("aws_ssoadmin_account_assignment").values():
        kinds = [waited.partition(".")[0] for waited in body["depends_on"]]
        assert "aws_ssoadmin_permission_set_inline_policy" in kinds
        assert "aws_ssoadmin_permissions_boundary_attachment" in kinds
    emergency = center.all("aws_ssoadmin_account_assignment")
    (waits,) = [body["depends_on"] for key, body in emergency.items() if "break-glass" in key]
    assert any("PowerUserAccess" in waited for waited in waits)


def test_assignments_are_those_of_groups(center: Rendered) -> None:
    """A group is assigned in the account of the assignment, and no person is."""
    assigned = list(center.all("aws_ssoadmin_account_assignment").values())
    assert {body["principal_type"] for body in assigned} == {"GROUP"}
    assert {body["target_id"] for body in assigned} == set(ACCOUNTS.values())
    assert len(assigned) == len(ASSIGNMENTS)


def test_the_address_of_an_assignment_names_account_group_and_set(center: Rendered) -> None:
    """It is made of names, so that no assignment moves when another comes or goes."""
    addresses = [key.rpartition("_")[0] for key in center.all("aws_ssoadmin_account_assignment")]
    assert sorted(addresses) == [
        "identity_fraud-dev_fraud-data-scientist-as-data-scientist",
        "identity_fraud-prod_break-glass-as-break-glass",
    ]


def test_sessions_end_and_the_emergency_is_marked(center: Rendered) -> None:
    """YAML's hours override the profile's; there is no relay state; break-glass lasts an hour and is tagged."""
    sets = _sets(center)
    assert sets["mlgov-data-scientist"]["session_duration"] == "PT4H"
    assert sets["mlgov-ml-engineer"]["session_duration"] == "PT8H"
    assert sets["mlgov-break-glass"]["session_duration"] == "PT1H"
    assert sets["mlgov-break-glass"]["tags"] == {"Persona": "break-glass", "BreakGlass": "true"}
    assert [name for name, body in sets.items() if "BreakGlass" in body["tags"]] == ["mlgov-break-glass"]
    assert all("relay_state" not in body for body in sets.values())


def test_the_team_of_a_session_comes_from_the_identity_provider(center: Rendered) -> None:
    """`Team` is the configured attribute of the user, escaped so that Terraform leaves the path to AWS."""
    attributes = center.one("aws_ssoadmin_instance_access_control_attributes")
    assert attributes["attribute"] == [{"key": "Team", "value": [{"source": ["$${path:enterprise.department}"]}]}]


def test_groups_of_the_identity_provider_are_looked_up(center: Rendered) -> None:
    """Groups are made by name, or with an external source looked up by the same name, and none is made."""
    made = {body["display_name"] for body in center.all("aws_identitystore_group").values()}
    assert made == {"acme-fraud-data-scientist", "acme-break-glass"}
    external = _center(external=True)
    assert external.all("aws_identitystore_group") == {}
    found = external.document["data"]["aws_identitystore_group"].values()
    wanted = [body["alternate_identifier"]["unique_attribute"] for body in found]
    assert {unique["attribute_value"] for unique in wanted} == made
    assert {unique["attribute_path"] for unique in wanted} == {"DisplayName"}


def test_an_instance_that_is_missing_is_told(center: Rendered) -> None:
    """Where Identity Center is off, the plan fails with what to do."""
    (instances,) = center.document["data"]["aws_ssoadmin_instances"].values()
    (condition,) = instances["lifecycle"]["postcondition"]
    assert condition["condition"] == "${length(self.arns) == 1}"
    assert "switch it on" in condition["error_message"]
