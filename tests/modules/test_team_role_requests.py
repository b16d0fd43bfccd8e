"""Requests of a team's roles, decided by an offline evaluator of IAM: what works, and each change that must not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from modules.core.iam import policy_document
from modules.ml_use_case.role_statements import TeamRole, in_studio, must_not, runs, works
from tests.modules.test_team_roles import KEYS, PLACE, ROLES
from tests.policies.guardrails.evaluator import Case, evaluate

pytestmark = pytest.mark.e2e  # it starts Node

ARN = "arn:aws:sagemaker:eu-west-1:222222222222"
JOB = {
    "aws:RequestTag/Team": "fraud",
    "sagemaker:InstanceTypes": "ml.m5.xlarge",
    "sagemaker:InterContainerTrafficEncryption": "true",
    "sagemaker:NetworkIsolation": "true",
    "sagemaker:OutputKmsKeyArn": KEYS["artifacts"],
    "sagemaker:VolumeKmsKeyArn": KEYS["data"],
    "sagemaker:VpcSecurityGroupIds": "sg-1",
    "sagemaker:VpcSubnets": "subnet-1",
}
ENDPOINT = {
    "aws:RequestTag/Team": "fraud",
    "sagemaker:InstanceTypes": "ml.m5.xlarge",
    "sagemaker:VolumeKmsKeyArn": KEYS["endpoint"],
}
# SageMaker fills these in for calls from Studio; the evaluator, which knows a key by its action, does not.
ME = {"${sagemaker:DomainId}": "d-1", "${sagemaker:UserProfileName}": "maria-sole"}
SPACE = {
    "sagemaker:InstanceTypes": "ml.t3.medium",
    "sagemaker:OwnerUserProfileArn": f"{ARN}:user-profile/d-1/maria-sole",
    "sagemaker:SpaceSharingType": "Private",
}
SHARED = {**SPACE, "sagemaker:SpaceSharingType": "Shared"}
PENDING = {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}
Change = Mapping[str, str | None]


@dataclass(frozen=True)
class Request:
    """A call that works, and changes (None takes the key away) under which it does not; never without `good`."""

    role: TeamRole
    action: str
    resource: str
    good: Mapping[str, str] | None
    bad: tuple[Change, ...] = ()


REQUESTS = (
    Request(
        "pipeline",
        "sagemaker:CreateTrainingJob",
        f"{ARN}:training-job/x",
        JOB,
        (
            {"aws:RequestTag/Team": "lending"},
            {"aws:RequestTag/Team": None},
            {"sagemaker:InterContainerTrafficEncryption": "false"},
            {"sagemaker:NetworkIsolation": "false"},
            {"sagemaker:NetworkIsolation": None},
            {"sagemaker:OutputKmsKeyArn": None},
            {"sagemaker:OutputKmsKeyArn": f"{KEYS['data']}-of-others"},
            {"sagemaker:VolumeKmsKeyArn": None},
            {"sagemaker:VpcSecurityGroupIds": "sg-2"},
            {"sagemaker:VpcSecurityGroupIds": None},
            {"sagemaker:VpcSubnets": None},
        ),
    ),
    Request(
        "pipeline",
        "sagemaker:CreateTrainingJob",
        f"{ARN}:training-job/x",
        {key: value for key, value in JOB.items() if "Volume" not in key} | {"sagemaker:InstanceTypes": "ml.g5.xlarge"},
    ),
    Request("data-scientist", "sagemaker:CreateProcessingJob", f"{ARN}:processing-job/x", JOB),
    Request(
        "ml-engineer",
        "sagemaker:CreateEndpointConfig",
        f"{ARN}:endpoint-config/x",
        ENDPOINT,
        ({"sagemaker:VolumeKmsKeyArn": None}, {"sagemaker:VolumeKmsKeyArn": KEYS["data"]}),
    ),
    Request(
        "ml-engineer",
        "sagemaker:CreateEndpointConfig",
        f"{ARN}:endpoint-config/x",
        {"aws:RequestTag/Team": "fraud", "sagemaker:InstanceTypes": "ml.g5.xlarge"},
    ),
    Request("ml-engineer", "sagemaker:CreateTrainingJob", f"{ARN}:training-job/x", None),
    Request("ml-team-lead", "sagemaker:CreateTrainingJob", f"{ARN}:training-job/x", None),
    Request(
        "data-scientist",
        "sagemaker:CreateApp",
        f"{ARN}:app/d-1/maria-sole/JupyterLab/default",
        SPACE,
        (
            {"sagemaker:OwnerUserProfileArn": f"{ARN}:user-profile/d-1/arjun-rao"},
            {"sagemaker:OwnerUserProfileArn": f"{ARN}:user-profile/d-2/maria-sole"},
            {"sagemaker:InstanceTypes": "ml.p3.2xlarge"},
        ),
    ),
    Request("data-scientist", "sagemaker:CreatePresignedDomainUrl", f"{ARN}:user-profile/d-1/maria-sole", {}),
    Request("data-scientist", "sagemaker:CreatePresignedDomainUrl", f"{ARN}:user-profile/d-1/arjun-rao", None),
    Request("data-scientist", "sagemaker:CreatePresignedDomainUrl", f"{ARN}:user-profile/d-2/maria-sole", None),
    Request("data-scientist", "sagemaker:CreateApp", f"{ARN}:app/d-1/fraud-shared/JupyterLab/default", SHARED),
    Request("ml-engineer", "sagemaker:CreateApp", f"{ARN}:app/d-1/maria-sole/JupyterLab/default", SPACE, (SHARED,)),
    Request("ml-team-lead", "sagemaker:CreateApp", f"{ARN}:app/d-1/maria-sole/JupyterLab/default", SPACE, (SHARED,)),
    Request(
        "data-scientist",
        "sagemaker:CreateModelPackage",
        f"{ARN}:model-package/acme-dev-fraud-card-fraud/1",
        PENDING,
        ({"sagemaker:ModelApprovalStatus": "Approved"}, {"sagemaker:ModelApprovalStatus": None}),
    ),
    Request("data-scientist", "sagemaker:CreateModelPackage", f"{ARN}:model-package/acme-dev-lending-x/1", None),
    Request("ml-team-lead", "sagemaker:CreateModelPackage", f"{ARN}:model-package/acme-dev-fraud-card-fraud/1", None),
    *(
        Request(each, "sagemaker:UpdateModelPackage", f"{ARN}:model-package/acme-dev-fraud-card-fraud/1", None)
        for each in ROLES
    ),
    *(
        Request(each, "sts:AssumeRole", "arn:aws:iam::222222222222:role/acme-dev-fraud-pipeline", None)
        for each in ROLES
    ),
    Request("ml-team-lead", "iam:PassRole", "arn:aws:iam::222222222222:role/acme-dev-fraud-pipeline", None),
    Request(
        "data-scientist",
        "iam:PassRole",
        "arn:aws:iam::222222222222:role/acme-dev-fraud-pipeline",
        {"iam:PassedToService": "sagemaker.amazonaws.com"},
        ({"iam:PassedToService": "lambda.amazonaws.com"},),
    ),
    Request("data-scientist", "iam:PassRole", "arn:aws:iam::222222222222:role/acme-dev-fraud-serving", None),
    Request("data-scientist", "sagemaker:CreateProject", f"{ARN}:project/x", None),
    Request("data-scientist", "sagemaker:UpdateUserProfile", f"{ARN}:user-profile/d-1/maria-sole", None),
)


def _cases() -> list[Case]:
    found = []
    for place, request in enumerate(REQUESTS):
        good, passed = (SPACE | JOB | PENDING, False) if request.good is None else (request.good, True)
        changes: tuple[Change, ...] = ({}, *request.bad)
        for number, change in enumerate(changes):
            context = {key: value for key, value in {**good, **change}.items() if value is not None}
            found.append(
                Case(
                    f"{place}: {request.role} {request.action} {dict(change)}",
                    request.action,
                    f"arn:aws:iam::222222222222:role/acme-dev-fraud-{request.role}",
                    context,
                    (request.role,),
                    denied=not (passed and number == 0),
                    resource=request.resource,
                )
            )
    return found


def _document(role: TeamRole) -> object:
    parts = (in_studio(role, PLACE), works(role, PLACE), runs(role, PLACE), must_not(role, PLACE))
    text = policy_document(*(statement for part in parts for statement in part)).replace("$${", "${")
    for variable, value in ME.items():
        text = text.replace(variable, value)
    return json.loads(text)


def test_each_role_does_its_work_and_no_other() -> None:
    """Every request works as it should be made, and under none of the changes that break a rule."""
    documents = {each: {"kind": "identity", "document": _document(each)} for each in ROLES}
    cases = _cases()
    answers = evaluate(documents, cases, [])
    wrong = [
        f"{case.name}: {answer}"
        for case, answer in zip(cases, answers.decisions, strict=True)
        if (answer["decision"] != "Allowed") != case.denied
    ]
    assert wrong == []
