"""A backup plan has something to back up."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, failed, holds
from policies.document import Conf, StackDocument
from policies.relation import naming

CHOICES = ("condition", "resources", "selection_tag")


class BkpSelection(StackCheck):
    """The stack selects for each plan, by tag, condition or resource; a plan alone backs up nothing."""

    policy = "CKV_MLGOV_282"
    title = "Backup plan selects resources in its stack"
    control = "BKP-01"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_backup_plan")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        selections = list(naming(stack, subject, "id", "plan_id", "aws_backup_selection"))
        if not selections:
            return failed("no aws_backup_selection of this stack refers to the plan")
        return holds(
            *(
                f"{selection.address} names no {', '.join(CHOICES)}"
                for selection in selections
                if not any(selection.given(choice) for choice in CHOICES)
            )
        )


check = BkpSelection()
