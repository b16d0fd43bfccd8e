"""A stack can only act in its own account, under a role, and tags what it makes."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument, is_expression


class PlatProvider(StackCheck):
    """Every AWS provider names its account and its default tags, and assumes a role.

    A stack that runs before any role exists (state bootstrap, organisation) may use the caller's own
    credentials, when the account it may touch is pinned by a literal id.
    """

    policy = "CKV_MLGOV_10"
    title = "AWS provider is bound to one account, assumes a role and tags by default"
    control = "PLAT-02"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.providers("aws")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        accounts = subject.values("allowed_account_ids")
        pinned = len(accounts) == 1 and not is_expression(accounts[0])
        assumes = any(role.given("role_arn") for role in subject.blocks("assume_role"))
        tags = any(block.given("tags") for block in subject.blocks("default_tags"))
        return holds(
            None if len(accounts) == 1 else "allowed_account_ids does not name one account",
            None if tags else "default_tags has no tags",
            None if assumes or pinned else "no assume_role, and the account is not pinned by a literal id",
        )


check = PlatProvider()
