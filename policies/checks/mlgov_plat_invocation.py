"""Functions and event buses answer the organisation, and services for what is named only."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import PASSED, Judgement, StackCheck, failed
from policies.document import Conf, StackDocument
from policies.perimeter import MADE_HERE, MEMBERS, account_of, own_accounts

SERVICES = (".amazonaws.com", ".amazonaws.com.cn")
SENDERS = ("source_arn", "source_account")


class PlatInvocation(StackCheck):
    """Each permission is for a principal of the stack's account, for the organisation, or for a service's named source.

    A service without a source acts for every customer of AWS: the confused deputy (Lambda Developer Guide, Granting
    function access to AWS services).
    """

    policy = "CKV_MLGOV_406"
    title = "Permission on a function or event bus admits the organisation and named sources only"
    control = "PLAT-06"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_cloudwatch_event_permission", "aws_lambda_permission")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        principal = str(subject.value("principal") or "")
        if principal.endswith(SERVICES):
            named = any(subject.given(name) for name in SENDERS)
            return (
                PASSED if named else failed(f"{principal} may act for anybody: neither {' nor '.join(SENDERS)} is set")
            )
        if account_of(principal) in own_accounts(stack) or MADE_HERE.match(principal):
            return PASSED
        members = any(
            str(condition.literal("key")).lower() in MEMBERS and condition.literal("type") == "StringEquals"
            for condition in subject.blocks("condition")
        )
        if subject.given("principal_org_id") or members:
            return PASSED
        return failed(
            f"principal {principal or 'that is not set'} may be of another organisation: set principal_org_id"
        )


check = PlatInvocation()
