"""A data set of QuickSight shows each reader the rows that a rule grants."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, failed, holds
from policies.document import Conf, StackDocument
from policies.expectation import equal, never
from policies.relation import naming

RULES = "row_level_permission_data_set"
KIND = "aws_quicksight_data_set"


class CostDashboardRows(StackCheck):
    """Rules grant rows, so that who has no rule sees none. The data set of the rules themselves needs none.

    Without rules whoever may read the data set sees all of it; rules that deny show all to whom none is about.
    """

    policy = "CKV_MLGOV_473"
    title = "QuickSight data set grants rows by rules"
    control = "COST-11"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources(KIND)

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        if any(naming(stack, subject, "arn", f"{RULES}.arn", KIND)):
            return NOT_APPLICABLE
        if not subject.blocks(RULES):
            return failed(f"{RULES} is not set: whoever may read it sees every row")
        return holds(
            equal(subject, f"{RULES}.permission_policy", "GRANT_ACCESS"), never(subject, f"{RULES}.status", "DISABLED")
        )


check = CostDashboardRows()
