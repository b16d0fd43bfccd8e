"""A budget stops nothing without a person."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal


class CostBudgetAction(PlatformCheck):
    """The action waits for approval: by itself it would take permissions away, or stop machines, in production, too."""

    policy = "CKV_MLGOV_273"
    title = "Budget action waits for an approval"
    control = "COST-03"
    resources = ("aws_budgets_budget_action",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(equal(conf, "approval_model", "MANUAL"))


check = CostBudgetAction()
