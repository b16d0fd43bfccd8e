"""Backups of production have a copy elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.relation import names


class BkpCopy(StackCheck):
    """Every rule copies to a vault that is not of this stack, so that losing the account does not lose the backup.

    In production, and in a stack that tells no environment.
    """

    policy = "CKV_MLGOV_281"
    title = "Backup plan of production copies to a vault elsewhere"
    control = "BKP-01"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_backup_plan")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        if stack.environment not in ("prod", None):
            return NOT_APPLICABLE
        vaults = list(stack.resources("aws_backup_vault"))
        return holds(
            *(
                f"rule {rule.value('rule_name')} has no copy_action to a vault outside this stack"
                for rule in subject.blocks("rule")
                if not any(
                    _elsewhere(copy.value("destination_vault_arn"), vaults) for copy in rule.blocks("copy_action")
                )
            )
        )


def _elsewhere(vault: object, own: list[Conf]) -> bool:
    return vault not in (None, "") and not any(names(vault, one, "arn") for one in own)


check = BkpCopy()
