"""Separation of duties and least privilege, read from the policies of the permission sets as they are rendered."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest
from policy_sentry.querying.all import get_all_actions

from modules.foundations.persona_policies import inline_policy
from modules.foundations.persona_words import Scope
from modules.foundations.personas import APPROVER, EMERGENCY, PERMISSION_SETS, PROFILES, PermissionSetName

SCOPE = Scope("aws", "acme")
INLINE_LIMIT = 10_240
# What AWS's own policies add, and to whom. AdministratorAccess stands nowhere.
MANAGED = {
    "break-glass": ("PowerUserAccess",),
    "cloud-administrator": ("ReadOnlyAccess",),
    "security-auditor": ("SecurityAudit", "job-function/ViewOnlyAccess"),
}
DATA_READERS = {"break-glass", "data-engineer", "data-scientist", "ml-engineer", "ml-team-lead"}
each_set = pytest.mark.parametrize("name", PERMISSION_SETS)


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _statements(name: PermissionSetName, effect: str) -> list[dict[str, Any]]:
    document = json.loads(inline_policy(name, SCOPE))
    return [statement for statement in document["Statement"] if statement["Effect"] == effect]


def _names(name: PermissionSetName, effect: str, action: str, *, always: bool = False) -> bool:
    """Whether a statement of the effect speaks of `action`; with `always` only one on everything, unconditionally."""
    return any(
        fnmatchcase(action.lower(), pattern.lower())
        for statement in _statements(name, effect)
        if not always or (statement["Resource"] == "*" and "Condition" not in statement)
        for pattern in _list(statement["Action"])
    )


def _may(name: PermissionSetName, action: str) -> bool:
    return _names(name, "Allow", action) and not _names(name, "Deny", action, always=True)


def test_nobody_can_both_register_and_approve_a_model() -> None:
    """The data scientist alone registers, the team lead alone approves, and neither can do the other's."""
    registering = {name for name in PERMISSION_SETS if _may(name, "sagemaker:CreateModelPackage")}
    approving = {name for name in PERMISSION_SETS if _may(name, "sagemaker:UpdateModelPackage")}
    assert registering == {"data-scientist"}
    assert approving == {APPROVER}
    assert _names(APPROVER, "Deny", "sagemaker:CreateModelPackage", always=True)


def test_who_builds_does_not_release() -> None:
    """The ML engineer starts release pipelines and the team lead approves them; no inline grant does both."""
    starting = {name for name in PERMISSION_SETS if _may(name, "codepipeline:StartPipelineExecution")}
    releasing = {name for name in PERMISSION_SETS if _may(name, "codepipeline:PutApprovalResult")}
    assert starting == {"ml-engineer"}
    assert releasing == {APPROVER}


@pytest.mark.parametrize("name", [name for name in PERMISSION_SETS if name != APPROVER])
def test_only_the_approver_can_change_an_approval(name: PermissionSetName) -> None:
    """Every other set denies a change of approval status, and a registration that is approved from the start."""
    denied = {statement["Sid"]: statement for statement in _statements(name, "Deny")}
    assert denied["NeverApprove"]["Action"] == "sagemaker:UpdateModelPackage"
    assert denied["NeverApprove"]["Resource"] == "*"
    assert denied["NeverApprove"]["Condition"] == {"Null": {"sagemaker:ModelApprovalStatus": "false"}}
    assert denied["NeverRegisterApproved"]["Action"] == "sagemaker:CreateModelPackage"
    assert denied["NeverRegisterApproved"]["Condition"] == {
        "StringEquals": {"sagemaker:ModelApprovalStatus": ["Approved", "Rejected"]}
    }


def test_a_model_is_registered_as_pending_only() -> None:
    """A data scientist registers in groups of the own team, and must say that approval is pending."""
    (register,) = [s for s in _statements("data-scientist", "Allow") if s["Sid"] == "Register"]
    assert register["Condition"] == {"StringEquals": {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}}
    assert all("-$${aws:PrincipalTag/Team}-*/*" in resource for resource in register["Resource"])


def test_a_lead_approves_models_of_the_own_team_only() -> None:
    """What the team lead may approve is named by the team of the session."""
    (approve,) = [s for s in _statements(APPROVER, "Allow") if s["Sid"] == "Approve"]
    assert approve["Resource"] == SCOPE.models()
    assert all("$${aws:PrincipalTag/Team}" in resource for resource in approve["Resource"])


@each_set
def test_nobody_edits_identities_or_keys(name: PermissionSetName) -> None:
    """IAM writes and KMS administration are denied to everyone: Terraform makes them."""
    for action in ("iam:CreateRole", "iam:AttachRolePolicy", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"):
        assert _names(name, "Deny", action, always=True), action
    for action in ("kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:CreateKey"):
        assert _names(name, "Deny", action, always=True), action


@each_set
def test_those_who_run_the_platform_read_no_data(name: PermissionSetName) -> None:
    """Objects, records and secrets are denied to all but those who work with data, and to the emergency."""
    denied = all(
        _names(name, "Deny", action, always=True)
        for action in ("s3:GetObject", "sagemaker:GetRecord", "athena:GetQueryResults", "secretsmanager:GetSecretValue")
    )
    assert denied == (name not in DATA_READERS)


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("data-scientist", "sagemaker:CreateProject"),
        ("data-scientist", "servicecatalog:ProvisionProduct"),
        ("ml-engineer", "sagemaker:CreateTrainingJob"),
        ("ml-engineer", "codepipeline:PutApprovalResult"),
        ("ml-governance-lead", "sagemaker:CreateEndpoint"),
        ("ml-governance-lead", "codepipeline:PutApprovalResult"),
        ("ml-reader", "sagemaker:CreateEndpoint"),
        ("ml-reader", "sagemaker:CreateTrainingJob"),
        ("break-glass", "cloudtrail:StopLogging"),
        ("data-lake-administrator", "lakeformation:GetDataAccess"),
    ],
)
def test_what_a_persona_must_not_do_is_denied(name: PermissionSetName, action: str) -> None:
    """The personas' own prohibitions are explicit denials on everything, not merely missing grants."""
    assert _names(name, "Deny", action, always=True)


@each_set
def test_no_grant_is_of_everything(name: PermissionSetName) -> None:
    """No inline grant has the action *, a whole service, or an inverted list of actions or resources."""
    for statement in _statements(name, "Allow"):
        assert "NotAction" not in statement
        assert "NotResource" not in statement
        for action in _list(statement["Action"]):
            assert action.partition(":")[2] not in ("", "*"), action


@each_set
def test_aws_policies_are_those_that_are_named_here(name: PermissionSetName) -> None:
    """AWS's own policies are attached to three sets only, and none of them administers identities."""
    assert PROFILES[name].managed == MANAGED.get(name, ())


@pytest.mark.parametrize("name", ["data-engineer", "data-scientist", "ml-engineer"])
def test_what_a_team_makes_or_changes_carries_its_tag(name: PermissionSetName) -> None:
    """Making asks for the team's tag in the request, changing for that of the resource, both the session's own."""
    granted = {statement["Sid"]: statement for statement in _statements(name, "Allow")}
    team = "$${aws:PrincipalTag/Team}"
    assert granted["Make"]["Condition"] == {"StringEquals": {"aws:RequestTag/Team": team}}
    assert granted["WorkOn"]["Condition"] == {"StringEquals": {"aws:ResourceTag/Team": team}}


@pytest.mark.parametrize("name", ["data-engineer", "data-scientist", "ml-engineer", "ml-team-lead"])
def test_nobody_takes_a_thing_by_tagging_it(name: PermissionSetName) -> None:
    """Tagging needs the own team in the request, and on the resource no team or the own."""
    team = "$${aws:PrincipalTag/Team}"
    tagging = [s for s in _statements(name, "Allow") if "Tag" in str(s["Action"])]
    assert [statement["Sid"] for statement in tagging] == ["Tag"]
    assert tagging[0]["Condition"] == {
        "StringEquals": {"aws:RequestTag/Team": team},
        "StringEqualsIfExists": {"aws:ResourceTag/Team": team},
    }


@pytest.mark.parametrize("name", ["data-engineer", "data-scientist", "ml-engineer"])
def test_roles_are_passed_to_the_persona_s_service_only(name: PermissionSetName) -> None:
    """PassRole is granted for one named service, to SageMaker for the roles of the own team's jobs and endpoints."""
    granted = {statement["Sid"]: statement for statement in _statements(name, "Allow")}
    passed = {"data-engineer": [], "data-scientist": ["pipeline"], "ml-engineer": ["pipeline", "serving"]}[name]
    stages = ("dev", "test", "prod", "org")
    team = "$${aws:PrincipalTag/Team}"
    expected = [f"arn:aws:iam::*:role/acme-{stage}-{team}-{role}" for role in passed for stage in stages]
    assert granted["PassRoles"]["Resource"] == (expected or "arn:aws:iam::*:role/acme-*")
    service = "glue.amazonaws.com" if name == "data-engineer" else "sagemaker.amazonaws.com"
    assert granted["PassRoles"]["Condition"] == {"StringEquals": {"iam:PassedToService": service}}


@each_set
def test_each_inline_policy_fits_its_quota(name: PermissionSetName) -> None:
    """An inline policy has at most 10,240 characters, without white space."""
    assert len(inline_policy(name, SCOPE)) <= INLINE_LIMIT


@each_set
def test_every_action_exists(name: PermissionSetName) -> None:
    """Each action, or pattern of actions, matches an action of AWS's service authorisation reference."""
    known = {action.lower() for action in get_all_actions()}
    for effect in ("Allow", "Deny"):
        for statement in _statements(name, effect):
            for action in _list(statement["Action"]):
                assert any(fnmatchcase(one, action.lower()) for one in known), (statement["Sid"], action)


def test_arns_are_those_of_the_partition() -> None:
    """In another partition no ARN of the commercial one is left."""
    for name in PERMISSION_SETS:
        assert "arn:aws:" not in inline_policy(name, Scope("aws-us-gov", "acme"))


def test_the_emergency_lasts_an_hour_and_no_session_twelve() -> None:
    """Profiles keep the bounds that YAML has; the emergency session is the shortest."""
    assert PROFILES[EMERGENCY].hours == 1
    assert all(1 <= profile.hours <= 12 for profile in PROFILES.values())


def test_names_of_permission_sets_fit_their_limit() -> None:
    """`mlgov-<name>` has at most the 32 characters that Identity Center allows."""
    assert all(len(f"mlgov-{name}") <= 32 for name in PERMISSION_SETS)
