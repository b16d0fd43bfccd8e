"""Requests written by hand, so that a control which says the opposite of what it means is noticed.

The generated cases prove that a statement does what it says; these prove that it says the right thing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from policies.guardrail_table import DEFAULT_QUOTA
from policies.guardrails import ORGANIZATION_ID, render
from policies.preventive import PRINCIPAL, Level
from tests.policies.guardrails.cases import PERSON
from tests.policies.guardrails.evaluator import ACCOUNT, Case, evaluate
from tests.policies.guardrails.test_proof import ACCESS, APPLY, CONTROLS, INPUTS

KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k"
STEWARD = f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_mlgov-data-lake-administrator_0"
APPROVER = f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_mlgov-ml-team-lead_0"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/acme-dev-mlgov-boundary"
USUAL = {
    PRINCIPAL: PERSON,
    "aws:PrincipalIsAWSService": "false",
    "aws:PrincipalOrgID": ORGANIZATION_ID,
    "aws:RequestedRegion": "eu-west-1",
    "aws:SecureTransport": "true",
}
NOTEBOOK_SCRIPT = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:notebook-instance-lifecycle-config/acme-dev-idle"
STUDIO_SCRIPT = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:studio-lifecycle-config/acme-dev-idle"
APP = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:app/d-1/jane"
LEVELS_MET: tuple[Level, ...] = ("sandbox", "standard")
Change = Mapping[str, str | None]


@dataclass(frozen=True)
class Request:
    """A call as it should be made, changes under which it still passes, and changes under which it is denied.

    A change is a context key with its other value; None takes the key away. `resource` changes the resource.
    """

    action: str
    good: Mapping[str, str] = field(default_factory=dict)
    denied: tuple[Change, ...] = ()
    passes: tuple[Change, ...] = ()
    resource: str | None = None


def _sm(**values: str | None) -> dict[str, str | None]:
    return {f"sagemaker:{name}": value for name, value in values.items()}


def _known(values: Mapping[str, str | None]) -> dict[str, str]:
    return {key: value for key, value in values.items() if value is not None}


# What only the platform's stacks do, whatever a team's own policies say.
BY_THE_PLATFORM = (
    "athena:UpdateWorkGroup",
    "backup:UpdateBackupPlan",
    "budgets:ModifyBudget",
    "ecr:PutImageTagMutability",
    "kms:DisableKeyRotation",
    "lakeformation:PutDataLakeSettings",
    "macie2:DisableMacie",
    "s3:PutBucketVersioning",
    "s3:PutObjectLegalHold",
)

REQUESTS = (
    Request(
        "sagemaker:CreateNotebookInstance",
        _known(
            _sm(
                DirectInternetAccess="Disabled",
                MinimumInstanceMetadataServiceVersion="2",
                NotebookInstanceLifecycleConfigArns=NOTEBOOK_SCRIPT,
                RootAccess="Disabled",
                VolumeKmsKeyArn=KEY,
                VpcSubnets="subnet-0a",
            )
        ),
        passes=(_sm(NotebookInstanceLifecycleConfigArns=None),),
        denied=(
            _sm(MinimumInstanceMetadataServiceVersion="1"),
            _sm(MinimumInstanceMetadataServiceVersion=None),
            _sm(NotebookInstanceLifecycleConfigArns=NOTEBOOK_SCRIPT.replace("acme-", "mine-")),
            _sm(VolumeKmsKeyArn=None),
            _sm(DirectInternetAccess="Enabled"),
            _sm(DirectInternetAccess=None),
            _sm(RootAccess="Enabled"),
            _sm(RootAccess=None),
            _sm(VpcSubnets=None),
            {"aws:RequestedRegion": "us-east-1"},
        ),
    ),
    Request(
        "sagemaker:CreateTrainingJob",
        _known(
            _sm(
                EnableRemoteDebug="false",
                InstanceTypes="ml.m5.large",
                InterContainerTrafficEncryption="true",
                MaxRuntimeInSeconds="86400",
                OutputKmsKeyArn=KEY,
                VolumeKmsKeyArn=KEY,
                VpcSubnets="subnet-0a",
            )
        ),
        denied=(
            _sm(EnableRemoteDebug="true"),
            _sm(FileSystemAccessMode="rw"),
            _sm(InterContainerTrafficEncryption="false"),
            _sm(InterContainerTrafficEncryption=None),
            _sm(KeepAlivePeriod="3601"),
            _sm(MaxRuntimeInSeconds="86401"),
            _sm(VolumeKmsKeyArn=None),
            _sm(OutputKmsKeyArn=None),
            _sm(VpcSubnets=None),
            _sm(VpcSubnets="subnet-elsewhere"),
            _sm(DirectGatedModelAccess="true"),
            _sm(InstanceTypes="ml.p4d.24xlarge"),
        ),
        passes=(
            _sm(VolumeKmsKeyArn=None, InstanceTypes="ml.g5.xlarge"),
            _sm(VolumeKmsKeyArn=None, InstanceTypes="ml.g4dn.xlarge"),
            _sm(EnableRemoteDebug=None, FileSystemAccessMode="ro", KeepAlivePeriod="3600"),
        ),
    ),
    Request(
        "sagemaker:CreateDomain",
        _known(_sm(AppNetworkAccessType="VpcOnly", AuthMode="SSO", VolumeKmsKeyArn=KEY)),
        denied=(
            _sm(AppNetworkAccessType="PublicInternetOnly"),
            _sm(AppNetworkAccessType=None),
            _sm(AuthMode="IAM"),
            _sm(AuthMode=None),
            _sm(StudioLifecycleConfigArns=STUDIO_SCRIPT.replace("acme-", "mine-")),
            _sm(VolumeKmsKeyArn=None),
        ),
        passes=(_sm(StudioLifecycleConfigArns=STUDIO_SCRIPT),),
    ),
    Request("sagemaker:UpdateDomain", denied=(_sm(AppNetworkAccessType="PublicInternetOnly"),)),
    Request(
        "sagemaker:UpdateNotebookInstance",
        denied=(_sm(MinimumInstanceMetadataServiceVersion="1"),),
        passes=(_sm(MinimumInstanceMetadataServiceVersion="2"),),
    ),
    Request(
        "sagemaker:CreateSpace",
        denied=(_sm(RemoteAccess="ENABLED"),),
        passes=(_sm(RemoteAccess="DISABLED"), _sm(StudioLifecycleConfigArns=STUDIO_SCRIPT)),
    ),
    Request(
        "sagemaker:CreateApp", denied=({"resource": f"{APP}/Canvas/default"},), resource=f"{APP}/JupyterLab/default"
    ),
    Request("sagemaker:StartSession", {PRINCIPAL: APPLY}, denied=({PRINCIPAL: PERSON},)),
    Request("sagemaker:CreateStudioLifecycleConfig", {PRINCIPAL: APPLY}, denied=({PRINCIPAL: PERSON},)),
    Request(
        "sagemaker:AddTags",
        {"aws:TagKeys": "CostCenter", "sagemaker:TaggingAction": "CreateTrainingJob"},
        denied=(_sm(TaggingAction=None),),
        passes=({"sagemaker:TaggingAction": None, "aws:TagKeys": "purpose"},),
    ),
    Request("sagemaker:DeleteTags", {"aws:TagKeys": "purpose"}, denied=({"aws:TagKeys": "Owner"},)),
    Request("sagemaker:DeleteModelPackage", {PRINCIPAL: APPLY}, denied=({PRINCIPAL: PERSON},)),
    Request("sagemaker:CreateMlflowTrackingServer", {PRINCIPAL: APPLY}, denied=({PRINCIPAL: PERSON},)),
    Request(
        "sagemaker:CreateCluster",
        {PRINCIPAL: APPLY, "sagemaker:VpcSubnets": "subnet-0a"},
        denied=(_sm(VpcSubnets=None),),
    ),
    Request("bedrock:PutModelInvocationLoggingConfiguration", {PRINCIPAL: APPLY}, denied=({PRINCIPAL: PERSON},)),
    Request("aws-marketplace:Subscribe", {PRINCIPAL: APPLY}, denied=({PRINCIPAL: PERSON},)),
    Request(
        "sagemaker:CreateModelPackage",
        _known(_sm(ModelApprovalStatus="PendingManualApproval")),
        denied=(
            _sm(ModelApprovalStatus="Approved"),
            {"sagemaker:ModelLifeCycle:Stage": "Production"},
            {"sagemaker:ModelLifeCycle:Stage": "Staging"},
        ),
        passes=(
            {"sagemaker:ModelApprovalStatus": "Approved", PRINCIPAL: APPROVER},
            {"sagemaker:ModelLifeCycle:Stage": "Production", PRINCIPAL: APPROVER},
            {"sagemaker:ModelLifeCycle:Stage": "Development"},
        ),
    ),
    Request(
        "sagemaker:CreateFeatureGroup",
        _known(
            _sm(
                FeatureGroupOfflineStoreConfig="{}",
                FeatureGroupOfflineStoreKmsKeyArn=KEY,
                FeatureGroupOfflineStoreS3Uri="s3://acme-prod-features/x",
                FeatureGroupEnableOnlineStore="true",
                FeatureGroupOnlineStoreKmsKeyArn=KEY,
            )
        ),
        denied=(
            _sm(FeatureGroupDisableGlueTableCreation="true"),
            _sm(FeatureGroupOfflineStoreKmsKeyArn=None),
            _sm(FeatureGroupOnlineStoreKmsKeyArn=None),
            _sm(FeatureGroupOfflineStoreS3Uri="s3://elsewhere/x"),
        ),
        passes=(_sm(FeatureGroupEnableOnlineStore="false", FeatureGroupOnlineStoreKmsKeyArn=None),),
    ),
    Request(
        "s3:GetObject",
        denied=({"aws:PrincipalOrgID": "o-other"}, {"aws:PrincipalOrgID": None}, {"aws:SecureTransport": "false"}),
        passes=({"aws:PrincipalOrgID": None, "aws:PrincipalIsAWSService": "true"}, {"s3:TlsVersion": "1.3"}),
    ),
    Request(
        "s3:PutObject",
        denied=({"s3:x-amz-server-side-encryption": "AES256"},),
        passes=({"s3:x-amz-server-side-encryption": "aws:kms"},),
    ),
    Request(
        "iam:CreateRole",
        {"iam:PermissionsBoundary": BOUNDARY},
        denied=(
            {"iam:PermissionsBoundary": None},
            {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/mine"},
            {"resource": f"arn:aws:iam::{ACCOUNT}:role/acme-mine-mlgov-apply"},
        ),
        resource=f"arn:aws:iam::{ACCOUNT}:role/acme-dev-training",
    ),
    Request(
        "iam:PassRole",
        {"iam:PassedToService": "sagemaker.amazonaws.com"},
        denied=({"resource": f"arn:aws:iam::{ACCOUNT}:role/mine"},),
        resource=f"arn:aws:iam::{ACCOUNT}:role/acme-dev-training",
    ),
    Request(
        "ecr:BatchGetImage",
        {"aws:ResourceOrgID": ORGANIZATION_ID, "aws:ResourceAccount": ACCOUNT},
        denied=({"aws:ResourceOrgID": "o-other", "aws:ResourceAccount": "999999999999"},),
        passes=({"aws:ResourceOrgID": None, "aws:ResourceAccount": "763104351884"},),
    ),
    Request(
        "ec2:RunInstances",
        {"ec2:MetadataHttpTokens": "required"},
        denied=({"ec2:MetadataHttpTokens": "optional"}, {"ec2:MetadataHttpTokens": None}),
        resource=f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/i-0",
    ),
    Request(
        "sagemaker:CreateEndpointConfig",
        _known(_sm(VolumeKmsKeyArn=KEY, ServerlessMaxConcurrency="20", ServerlessMemorySize="4096")),
        denied=(_sm(ServerlessMaxConcurrency="21"), _sm(ServerlessMemorySize="6144")),
        passes=(_sm(ServerlessMaxConcurrency=None, ServerlessMemorySize=None),),
    ),
    Request(
        "athena:StartQueryExecution",
        denied=({"resource": f"arn:aws:athena:eu-west-1:{ACCOUNT}:workgroup/primary"},),
        resource=f"arn:aws:athena:eu-west-1:{ACCOUNT}:workgroup/acme-prod",
    ),
    Request(
        "codebuild:CreateProject",
        {"codebuild:encryptionKey": KEY, "codebuild:vpcConfig.vpcId": "vpc-0a"},
        denied=(
            {"codebuild:encryptionKey": None},
            {"codebuild:vpcConfig.vpcId": None},
            {"codebuild:artifacts.encryptionDisabled": "true"},
        ),
        passes=({"codebuild:artifacts.encryptionDisabled": "false"},),
    ),
    Request(
        "elasticfilesystem:CreateFileSystem",
        {"elasticfilesystem:Encrypted": "true"},
        denied=({"elasticfilesystem:Encrypted": "false"},),
    ),
    *(
        Request(action, {PRINCIPAL: APPLY}, denied=({PRINCIPAL: PERSON}, {PRINCIPAL: STEWARD}))
        for action in BY_THE_PLATFORM
    ),
    *(
        Request(action, {PRINCIPAL: STEWARD}, denied=({PRINCIPAL: PERSON},), passes=({PRINCIPAL: APPLY},))
        for action in ("lakeformation:AddLFTagsToResource", "lakeformation:GrantPermissions")
    ),
    Request("s3:ListAllMyBuckets", denied=({PRINCIPAL: f"arn:aws:iam::{ACCOUNT}:root"},)),
    Request(
        "ram:CreateResourceShare",
        {"ram:RequestedAllowsExternalPrincipals": "false"},
        denied=({"ram:RequestedAllowsExternalPrincipals": "true"}, {"ram:RequestedAllowsExternalPrincipals": None}),
    ),
)


def _case(request: Request, change: Change, documents: tuple[str, ...], *, denied: bool) -> Case:
    context = _known({**USUAL, **request.good, **change})
    resource = context.pop("resource", request.resource)
    name = f"{request.action} with {dict(change)}"
    return Case(name, request.action, context[PRINCIPAL], context, documents, denied, resource)


def test_a_good_request_passes_and_one_with_a_fault_does_not() -> None:
    """Under sandbox and standard together, what a team may do is allowed, and each single fault is denied."""
    documents: dict[str, dict[str, Any]] = {
        document.key: {"kind": document.kind, "document": json.loads(document.content)}
        for level in LEVELS_MET
        for document in render(level, controls=CONTROLS, inputs=INPUTS, quota=DEFAULT_QUOTA)
    }
    cases = [
        _case(request, change, tuple(documents), denied=denied)
        for request in REQUESTS
        for changes, denied in ((({}, *request.passes), False), (request.denied, True))
        for change in changes
    ]
    decisions = evaluate(documents, cases, []).decisions
    wrong = [
        f"{case.name}: {answer}"
        for case, answer in zip(cases, decisions, strict=True)
        if answer.get("decision") != ("ExplicitlyDenied" if case.denied else "Allowed") or answer.get("ignored")
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("place", "path", "principal", "denied"),
    [
        ("in the root", f"{ORGANIZATION_ID}/r-acme/", PERSON, True),
        ("in the root, written without a slash at the end", f"{ORGANIZATION_ID}/r-acme", PERSON, True),
        ("in a unit", f"{ORGANIZATION_ID}/r-acme/ou-acme-workloads/", PERSON, False),
        ("in a unit below another", f"{ORGANIZATION_ID}/r-acme/ou-acme-1/ou-acme-2/", PERSON, False),
        ("of no organisation", None, PERSON, False),
        ("in the root, as the role of Terraform", f"{ORGANIZATION_ID}/r-acme/", APPLY, False),
        ("in the root, as the role of the first apply", f"{ORGANIZATION_ID}/r-acme/", ACCESS, False),
    ],
)
def test_an_account_does_nothing_until_it_stands_in_a_unit(
    place: str, path: str | None, principal: str, denied: bool
) -> None:
    """The root's policy denies by the absence of a unit in the path, spares our own roles, and needs the path."""
    documents: dict[str, dict[str, Any]] = {
        document.key: {"kind": document.kind, "document": json.loads(document.content)}
        for document in render("root", controls=CONTROLS, inputs=INPUTS, quota=DEFAULT_QUOTA)
    }
    context = {**USUAL, PRINCIPAL: principal} | ({} if path is None else {"aws:PrincipalOrgPaths": path})
    cases = [
        Case(f"{action} {place}", action, principal, context, tuple(documents), denied)
        for action in ("s3:ListAllMyBuckets", "iam:CreateRole", "ec2:RunInstances", "sagemaker:CreateEndpoint")
    ]
    wanted = "ExplicitlyDenied" if denied else "Allowed"
    decisions = evaluate(documents, cases, []).decisions
    assert [answer.get("decision") for answer in decisions] == [wanted] * len(cases)
    assert not any(answer.get("ignored") for answer in decisions)
