"""Roles trust other accounts only under a condition."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.iam import Statement, statements
from policies.perimeter import MEMBERS, account_of, own_accounts

CALLERS = ("sts:externalid", *MEMBERS, "aws:sourcearn", "aws:principalarn")


class IamCrossAccount(StackCheck):
    """Nobody may assume a role merely by being an AWS principal.

    A principal is the stack's own when its account, as written, is one of the provider's
    `allowed_account_ids`, as written. Every other one, and every one that cannot be told, needs a
    condition on external id, organisation or caller.
    """

    policy = "CKV_MLGOV_8"
    title = "IAM role trusts other accounts only under a condition, and never everyone"
    control = "IAM-11"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_iam_role")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        own = own_accounts(stack)
        return holds(*(_problem(statement, own) for statement in statements(subject, "assume_role_policy")))


def _problem(statement: Statement, own: frozenset[str]) -> str | None:
    if not statement.allows:
        return None
    principals = statement.principals("AWS")
    if "*" in principals:
        return f"statement {statement.sid} trusts every principal"
    foreign = [principal for principal in principals if account_of(principal) not in own]
    if foreign and not statement.narrowed_by(*CALLERS):
        who = ", ".join(foreign)
        return f"statement {statement.sid} trusts {who} without a condition on external id, organisation or caller"
    return None


check = IamCrossAccount()
