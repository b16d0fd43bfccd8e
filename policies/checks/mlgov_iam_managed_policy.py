"""Nobody is given one of AWS's policies that allow nearly everything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument, Unprovable, is_expression
from policies.limits import limits

# Where each type names policies; a boundary that allows everything bounds nothing.
POLICIES = {
    "aws_iam_group_policy_attachment": "policy_arn",
    "aws_iam_policy_attachment": "policy_arn",
    "aws_iam_role": "managed_policy_arns",
    "aws_iam_role_policy_attachment": "policy_arn",
    "aws_iam_role_policy_attachments_exclusive": "policy_arns",
    "aws_iam_user_policy_attachment": "policy_arn",
    "aws_ssoadmin_managed_policy_attachment": "managed_policy_arn",
    "aws_ssoadmin_permissions_boundary_attachment": "permissions_boundary.managed_policy_arn",
}
NAME = re.compile(r":policy/(?:[^:$]*/)?([\w+=,.@-]+)$")
OF_THE_STACK = re.compile(r"\$\{aws_iam_policy\.[\w-]+\.(?:arn|id)\}")


class IamManagedPolicy(StackCheck):
    """None of the policies of `limits.refused_managed_policies` is attached, or is the boundary of a permission set.

    The name is judged in every partition. A policy of the same stack is judged where it is written; any other that
    cannot be read fails.
    """

    policy = "CKV_MLGOV_303"
    title = "No policy of AWS's is attached that allows nearly everything"
    control = "IAM-05"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources(*POLICIES)

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        arns = list(_arns(subject))
        if not arns:
            return NOT_APPLICABLE
        names = [_name(arn) for arn in arns if not OF_THE_STACK.fullmatch(str(arn))]
        refused = limits().refused_managed_policies
        return holds(*(f"{name} is attached" for name in names if name in refused))


def _arns(subject: Conf) -> Iterator[object]:
    outer, _, name = POLICIES[subject.address.partition(".")[0]].rpartition(".")
    for block in subject.at(outer):
        yield from block.values(name)


def _name(arn: object) -> str:
    found = NAME.search(str(arn))
    if found is None and is_expression(arn):
        raise Unprovable("the policy's ARN", arn)
    return found[1] if found else str(arn)


check = IamManagedPolicy()
