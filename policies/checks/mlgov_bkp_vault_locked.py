"""Every vault is locked."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, failed, holds
from policies.document import Conf, StackDocument
from policies.expectation import within
from policies.limits import limits
from policies.relation import naming


class BkpVaultLocked(StackCheck):
    """The stack locks each vault; a lock refuses backups that are to go before the days of limits.yaml are over."""

    policy = "CKV_MLGOV_284"
    title = "Backup vault has a lock with a minimum retention in its stack"
    control = "BKP-02"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_backup_vault")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        kind = "aws_backup_vault_lock_configuration"
        locks = list(naming(stack, subject, "name", "backup_vault_name", kind))
        if not locks:
            return failed(f"no {kind} of this stack locks the vault")
        return holds(*(within(lock, "min_retention_days", low=limits().locked_backup_days) for lock in locks))


check = BkpVaultLocked()
