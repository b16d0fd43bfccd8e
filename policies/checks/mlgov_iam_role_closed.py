"""A role has the policies that its stack gives it, and no others."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.relation import naming

EXCLUSIVE = ("aws_iam_role_policies_exclusive", "aws_iam_role_policy_attachments_exclusive")


class IamRoleClosed(StackCheck):
    """Inline and attached policies of the role are managed exclusively: what is added by hand goes with the next apply.

    Without these companions Terraform looks at the policies that it made and at no other.
    """

    policy = "CKV_MLGOV_315"
    title = "IAM role keeps no policy that its stack does not give it"
    control = "IAM-12"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_iam_role")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        missing = [kind for kind in EXCLUSIVE if not any(naming(stack, subject, "name", "role_name", kind))]
        return holds(*(f"no {kind} of this stack refers to the role" for kind in missing))


check = IamRoleClosed()
