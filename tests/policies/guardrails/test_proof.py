"""Guardrails are proven, not believed: an IAM evaluator decides requests made from every control."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from policies.catalogue import shipped
from policies.guardrail_table import DEFAULT_QUOTA
from policies.guardrails import ORGANIZATION_ID, Inputs, render, statement
from policies.preventive import LEVELS, PRINCIPAL, Level
from tests.policies.guardrails.cases import DEPRECATED, SAMPLES, cases, concrete
from tests.policies.guardrails.evaluator import ACCOUNT, Answers, Case, evaluate

PLATFORM = tuple(
    f"arn:aws:iam::*:role/{name}"
    for name in ("acme-*-mlgov-apply", "acme-*-mlgov-plan", "acme-org-repair", "OrganizationAccountAccessRole")
)
PEOPLE = "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_mlgov-"
INPUTS = Inputs(
    partition="aws",
    organization="acme",
    regions=("eu-west-1", "eu-central-1"),
    exempt={
        "platform": PLATFORM,
        "stewards": (*PLATFORM, f"{PEOPLE}data-lake-administrator_*"),
        "launchers": (*PLATFORM, "arn:aws:iam::*:role/acme-dev-launch-*"),
        "deployers": (*PLATFORM, "arn:aws:iam::*:role/acme-prod-deploy--*", "arn:aws:iam::*:role/acme-test-deploy--*"),
        "approvers": (f"{PEOPLE}ml-team-lead_*",),
    },
    approved_vpcs=("vpc-0a", "vpc-0b"),
    approved_subnets=("subnet-0a", "subnet-0b"),
    corporate_networks=("203.0.113.0/24",),
    image_accounts=("763104351884",),
    bedrock_models=("amazon.*", "anthropic.*"),
)
CONTROLS = tuple(shipped().controls.values())
APPLY = f"arn:aws:iam::{ACCOUNT}:role/acme-dev-mlgov-apply"
PLAN = f"arn:aws:iam::{ACCOUNT}:role/acme-dev-mlgov-plan"
DEPLOYER = f"arn:aws:iam::{ACCOUNT}:role/acme-prod-deploy--card-fraud"
# Names that come near that of a deployment role.
NO_DEPLOYERS = tuple(
    f"arn:aws:iam::{ACCOUNT}:role/{name}"
    for name in (
        "acme-dev-deploy--card-fraud",
        "acme-prod-deploy-card-fraud",
        "acme-prod-release--x-deploy--prod",
        "acme-prod-verify--card-fraud",
    )
)
REPAIR = f"arn:aws:iam::{ACCOUNT}:role/acme-org-repair"
ACCESS = f"arn:aws:iam::{ACCOUNT}:role/OrganizationAccountAccessRole"
# What the stacks ask of each role, one action of each kind; the guardrails are what could deny it.
NEEDED = {
    APPLY: (
        "account:PutAlternateContact",
        "athena:CreateWorkGroup",
        "backup:CreateBackupVault",
        "backup:PutBackupVaultAccessPolicy",
        "backup:PutBackupVaultLockConfiguration",
        "backup:UpdateBackupPlan",
        "budgets:ModifyBudget",
        "ec2:AttachInternetGateway",
        "ec2:CreateInternetGateway",
        "ec2:CreateNatGateway",
        "ec2:CreateVpcEndpoint",
        "config:PutConfigurationRecorder",
        "detective:CreateGraph",
        "ec2:EnableEbsEncryptionByDefault",
        "ec2:ModifyEbsDefaultKmsKeyId",
        "ec2:ModifyVpcBlockPublicAccessOptions",
        "ec2:RevokeSecurityGroupIngress",
        "ecr:PutImageTagMutability",
        "events:PutRule",
        "guardduty:UpdateDetector",
        "guardduty:UpdateOrganizationConfiguration",
        "iam:CreateRole",
        "iam:PutRolePolicy",
        "iam:UpdateAccountPasswordPolicy",
        "inspector2:Enable",
        "kms:CreateAlias",
        "kms:CreateKey",
        "kms:PutKeyPolicy",
        "lakeformation:AddLFTagsToResource",
        "lambda:CreateFunction",
        "logs:CreateLogGroup",
        "network-firewall:CreateFirewall",
        "ram:AssociateResourceShare",
        "route53profiles:AssociateProfile",
        "route53resolver:AssociateResolverQueryLogConfig",
        "macie2:CreateMember",
        "macie2:UpdateMacieSession",
        "s3:CreateBucket",
        "s3:PutAccountPublicAccessBlock",
        "s3:PutBucketObjectLockConfiguration",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
        "servicequotas:RequestServiceQuotaIncrease",
        "securityhub:UpdateOrganizationConfiguration",
        "sns:CreateTopic",
        "sqs:CreateQueue",
        "ssm:PutParameter",
    ),
    PLAN: (
        "ec2:DescribeSecurityGroups",
        "iam:GetRole",
        "kms:DescribeKey",
        "s3:GetBucketPolicy",
        "sqs:GetQueueAttributes",
        "ssm:GetParameter",
    ),
    REPAIR: (
        "ec2:RevokeSecurityGroupIngress",
        "s3:PutBucketPublicAccessBlock",
        "sagemaker:StopNotebookInstance",
        "sns:Publish",
    ),
    ACCESS: ("iam:AttachRolePolicy", "iam:CreatePolicy", "iam:CreateRole", "iam:PutRolePolicy", "iam:TagRole"),
}


@dataclass(frozen=True)
class Proof:
    """All cases of the run with their answers."""

    documents: dict[str, dict[str, Any]]
    cases: Sequence[Case]
    actions: Sequence[tuple[str, list[str]]]
    answers: Answers


def _own_cases(documents: dict[str, dict[str, Any]], together: tuple[str, ...]) -> list[Case]:
    context = {
        "aws:PrincipalOrgID": ORGANIZATION_ID,
        "aws:RequestedRegion": "eu-west-1",
        "aws:SecureTransport": "true",
        "aws:SourceIp": "203.0.113.7",
        "aws:PrincipalIsAWSService": "false",
    }
    return [
        Case(f"{role} {action}", action, role, context | {PRINCIPAL: role}, together, denied=False)
        for role, actions in NEEDED.items()
        for action in actions
    ]


@pytest.fixture(scope="module", name="proof")
def _proof() -> Proof:
    documents: dict[str, dict[str, Any]] = {}
    together: dict[Level, tuple[str, ...]] = {}
    for level in LEVELS:
        rendered = render(level, controls=CONTROLS, inputs=INPUTS, quota=DEFAULT_QUOTA)
        for document in rendered:
            documents[document.key] = {"kind": document.kind, "document": json.loads(document.content)}
        together[level] = tuple(document.key for document in rendered)
    every = tuple(documents)
    found: list[Case] = []
    actions: list[tuple[str, list[str]]] = []
    for control in CONTROLS:
        for number, denial in enumerate(control.preventive.statements if control.preventive else ()):
            assert control.preventive is not None
            alone = f"{control.id}-{number}"
            body = statement(denial, INPUTS)
            documents[alone] = {"kind": denial.kind, "document": {"Version": "2012-10-17", "Statement": [body]}}
            found += cases(alone, denial, INPUTS, alone, together[control.preventive.level])
            keys = [key for tests in denial.conditions.values() for key in tests if key not in DEPRECATED]
            actions += [(SAMPLES.get(action, action), keys) for action in denial.actions if not action.endswith("r:*")]
    found += _own_cases(documents, every)
    return Proof(documents, found, actions, evaluate(documents, found, actions))


def _wrong(proof: Proof, *, denied: bool) -> list[str]:
    wanted = "ExplicitlyDenied" if denied else "Allowed"
    return [
        f"{case.name}: {answer}"
        for case, answer in zip(proof.cases, proof.answers.decisions, strict=True)
        if case.denied is denied and answer.get("decision") != wanted
    ]


def test_every_trigger_is_denied(proof: Proof) -> None:
    """What a control forbids is denied by its statement alone and by the packed documents of its level."""
    assert sum(case.denied for case in proof.cases) > 400
    assert _wrong(proof, denied=True) == []


def test_a_request_that_breaks_one_condition_passes(proof: Proof) -> None:
    """No statement denies more than it says: with any one condition unmet, or by an exempt role, it lets pass."""
    assert sum(not case.denied for case in proof.cases) > 120
    assert _wrong(proof, denied=False) == []


def test_no_context_key_is_lost(proof: Proof) -> None:
    """The evaluator drops keys that an action does not take; a case that lost one would prove nothing."""
    lost = {
        f"{case.name}: {answer['ignored']}"
        for case, answer in zip(proof.cases, proof.answers.decisions, strict=True)
        if answer.get("ignored")
    }
    assert lost == set()


def test_actions_exist_and_take_the_keys_they_are_tested_on(proof: Proof) -> None:
    """Every action of a denial is in the service authorisation data, and takes each key of the conditions."""
    wrong = [
        f"{action}: {unknown}"
        for (action, _), unknown in zip(proof.actions, proof.answers.unknown, strict=True)
        if unknown
    ]
    assert wrong == []


def test_our_own_roles_are_not_locked_out(proof: Proof) -> None:
    """Under all levels at once the plan, apply and access roles do what the stacks ask of them."""
    own = [case for case in proof.cases if case.principal in NEEDED and case.name.startswith("arn:")]
    assert len(own) == sum(map(len, NEEDED.values()))
    decisions = dict(zip((case.name for case in proof.cases), proof.answers.decisions, strict=True))
    assert [case.name for case in own if decisions[case.name].get("decision") != "Allowed"] == []


def test_releases_deploy_where_people_may_not_and_nobody_else_does(proof: Proof) -> None:
    """A deployment role passes each guardrail made for it; roles of names that come near are denied as people are."""
    kept = [control for control in CONTROLS if control.preventive]
    spared = {
        f"{control.id}-{number}"
        for control in kept
        for number, denial in enumerate(control.preventive.statements if control.preventive else ())
        if denial.exempt == "deployers"
    }
    assert {each.rpartition("-")[0] for each in spared} == {"SM-38", "SM-48"}
    triggers = [case for case in proof.cases if case.denied and case.documents[0] in spared]
    asked = [
        replace(case, principal=role, context={**case.context, PRINCIPAL: role})
        for case in triggers
        for role in (DEPLOYER, *NO_DEPLOYERS)
    ]
    answers = evaluate(proof.documents, asked, []).decisions
    for case, answer in zip(asked, answers, strict=True):
        wanted = "Allowed" if case.principal == DEPLOYER else "ExplicitlyDenied"
        assert answer.get("decision") == wanted, f"{case.name} as {case.principal}: {answer}"


def test_every_exempt_role_is_a_role_of_the_cases() -> None:
    """The roles that are proven to be spared are those of the exemption."""
    for role, pattern in zip((APPLY, PLAN, REPAIR, ACCESS), INPUTS.exempt["platform"], strict=True):
        assert role == concrete(pattern).replace("acme-x-", "acme-dev-")
