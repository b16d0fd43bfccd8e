"""Services of the organisation are administered from other accounts than the management account."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, failed, holds
from policies.document import Conf, StackDocument
from policies.perimeter import own_accounts

ACCOUNTS = {
    "aws_cloudtrail_organization_delegated_admin_account": "account_id",
    "aws_detective_organization_admin_account": "account_id",
    "aws_fms_admin_account": "account_id",
    "aws_guardduty_organization_admin_account": "admin_account_id",
    "aws_inspector2_delegated_admin_account": "account_id",
    "aws_macie2_organization_admin_account": "admin_account_id",
    "aws_organizations_delegated_administrator": "account_id",
    "aws_securityhub_organization_admin_account": "admin_account_id",
    "aws_vpc_ipam_organization_admin_account": "delegated_admin_account_id",
}


class OrgDelegation(StackCheck):
    """The administrator is another account than the one that delegates, as both are written.

    No guardrail holds in the management account, so people and roles that look after a service do not work there.
    """

    policy = "CKV_MLGOV_335"
    title = "Service of the organisation is administered outside the management account"
    control = "ORG-14"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources(*ACCOUNTS)

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        attribute = ACCOUNTS[subject.address.partition(".")[0]]
        if not subject.given(attribute):
            return failed(f"{attribute} is not set")
        same = str(subject.value(attribute)) in own_accounts(stack)
        return holds(f"{attribute} is the management account itself" if same else None)


check = OrgDelegation()
