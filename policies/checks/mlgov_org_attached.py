"""A policy of the organisation that nobody is under does nothing."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import PASSED, Judgement, StackCheck, failed
from policies.document import Conf, StackDocument
from policies.relation import naming


class OrgAttached(StackCheck):
    """Each policy of AWS Organizations is attached in its stack to the root, a unit or an account."""

    policy = "CKV_MLGOV_331"
    title = "Policy of the organisation is attached"
    control = "ORG-13"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_organizations_policy")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        if any(naming(stack, subject, "id", "policy_id", "aws_organizations_policy_attachment")):
            return PASSED
        return failed("no aws_organizations_policy_attachment of this stack refers to the policy")


check = OrgAttached()
