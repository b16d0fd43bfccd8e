"""SageMaker works under roles of the organisation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, failed, holds
from policies.document import Conf, StackDocument

ROLES = {
    "aws_sagemaker_data_quality_job_definition": ("role_arn",),
    "aws_sagemaker_domain": ("default_user_settings.execution_role", "default_space_settings.execution_role"),
    "aws_sagemaker_feature_group": ("role_arn",),
    "aws_sagemaker_flow_definition": ("role_arn",),
    "aws_sagemaker_image": ("role_arn",),
    "aws_sagemaker_mlflow_tracking_server": ("role_arn",),
    "aws_sagemaker_model": ("execution_role_arn",),
    "aws_sagemaker_notebook_instance": ("role_arn",),
    "aws_sagemaker_pipeline": ("role_arn",),
    "aws_sagemaker_user_profile": ("user_settings.execution_role",),
}
OF_THE_STACK = re.compile(r"\$\{aws_iam_role\.[\w-]+\.arn\}")
NAME = re.compile(r":role/(?:[^:]*/)?([\w+=,.@-]+)$")


class IamPassedRole(StackCheck):
    """Each role that a resource hands to SageMaker is a role of its stack, or its name begins with the organisation's.

    Which account the role is of need not be known; its name must be.
    """

    policy = "CKV_MLGOV_312"
    title = "SageMaker resource works under a role of the organisation"
    control = "IAM-08"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources(*ROLES)

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        roles = dict(_roles(subject))
        if not roles:
            return NOT_APPLICABLE
        organization = stack.tag("Organization")
        if not organization:
            return failed("the stack has no tag Organization to know the role by")
        return holds(*(_problem(attribute, role, organization) for attribute, role in roles.items()))


def _roles(subject: Conf) -> Iterator[tuple[str, str]]:
    for path in ROLES[subject.address.partition(".")[0]]:
        outer, _, name = path.rpartition(".")
        for block in subject.at(outer):
            if block.given(name):
                yield path, str(block.value(name))


def _problem(attribute: str, role: str, organization: str) -> str | None:
    found = NAME.search(role)
    if OF_THE_STACK.fullmatch(role) or (found and found[1].startswith(f"{organization}-")):
        return None
    return f"{attribute} is {role}: not a role of this stack, and not known to be one of {organization}"


check = IamPassedRole()
