"""Every permission set has a permissions boundary."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import PASSED, Judgement, StackCheck, failed
from policies.document import Conf, StackDocument
from policies.relation import naming


class IamPermissionSetBoundary(StackCheck):
    """A boundary is attached to the permission set in its stack: a set without one may be given any right later."""

    policy = "CKV_MLGOV_308"
    title = "Permission set has a permissions boundary"
    control = "IAM-07"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_ssoadmin_permission_set")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        attached = naming(stack, subject, "arn", "permission_set_arn", "aws_ssoadmin_permissions_boundary_attachment")
        if any(attached):
            return PASSED
        return failed("no aws_ssoadmin_permissions_boundary_attachment of this stack refers to the permission set")


check = IamPermissionSetBoundary()
