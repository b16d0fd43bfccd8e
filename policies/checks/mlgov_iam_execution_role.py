"""Roles that SageMaker assumes bear the organisation's name."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, failed, holds
from policies.document import Conf, StackDocument
from policies.iam import statements

SAGEMAKER = "sagemaker.amazonaws.com"


class IamExecutionRole(StackCheck):
    """The name of a role that trusts SageMaker begins with the organisation's (tag `Organization` of the stack).

    By that name guardrail IAM-08 knows the roles that may be passed to SageMaker. A name that AWS makes up fails.
    """

    policy = "CKV_MLGOV_311"
    title = "Execution role of SageMaker bears the organisation's name"
    control = "IAM-08"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_iam_role")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        trusts = statements(subject, "assume_role_policy")
        if not any(SAGEMAKER in trust.principals("Service") for trust in trusts if trust.allows):
            return NOT_APPLICABLE
        organization = stack.tag("Organization")
        if not organization:
            return failed("the stack has no tag Organization to know the name by")
        name = str(subject.literal("name") or subject.literal("name_prefix") or "")
        return holds(None if name.startswith(f"{organization}-") else f"name does not begin with {organization}-")


check = IamExecutionRole()
