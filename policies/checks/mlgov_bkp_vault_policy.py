"""Recovery points are deleted by nobody who is not named for it."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import PASSED, Judgement, StackCheck, failed
from policies.document import Conf, StackDocument
from policies.iam import Statement, statements
from policies.relation import naming

DELETION = "backup:deleterecoverypoint"


class BkpVaultPolicy(StackCheck):
    """The policy of each vault denies everybody to delete recovery points; a condition may spare who is to."""

    policy = "CKV_MLGOV_285"
    title = "Backup vault policy denies the deletion of recovery points"
    control = "BKP-02"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_backup_vault")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        found = list(naming(stack, subject, "name", "backup_vault_name", "aws_backup_vault_policy"))
        if not found:
            return failed("no aws_backup_vault_policy of this stack is for the vault")
        if any(_protects(statement) for one in found for statement in statements(one, "policy")):
            return PASSED
        return failed(f"{found[0].address} has no statement that denies backup:DeleteRecoveryPoint to every principal")


def _protects(statement: Statement) -> bool:
    return (
        not statement.allows
        and "NotPrincipal" not in statement.body
        and "*" in statement.principals("AWS")
        and bool({DELETION, "backup:delete*", "backup:*", "*"} & set(statement.actions))
        and "NotAction" not in statement.body
    )


check = BkpVaultPolicy()
