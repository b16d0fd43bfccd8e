"""What an owner means to spend in an account in a month."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.budgets_budget import BudgetsBudget, BudgetsBudgetCostFilter, BudgetsBudgetNotification
from constructs import Construct

from modules.core.naming import BUDGET_LIMIT, Naming
from modules.foundations.account.budget import Budget
from modules.foundations.account.settings import BudgetSettings


class MonthlyBudget(Construct):
    """The budget `<organisation>-<environment>-<owner>-monthly`.

    Guarantees: its owner hears by e-mail when the real costs, and when the forecast costs of the month pass the
    percentages of the settings.
    Controls: COST-03 (NIST 800-53 SA-2, SI-4).
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, settings: BudgetSettings, budget: Budget) -> None:
        super().__init__(scope, id_)
        BudgetsBudget(
            self,
            "budget",
            name=naming.name(f"{budget.owner}-monthly", limit=BUDGET_LIMIT),
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(budget.monthly_usd),
            limit_unit="USD",
            cost_filter=_filter(budget.tag),
            notification=[
                _above(settings.actual_percent, "ACTUAL", budget.email),
                _above(settings.forecast_percent, "FORECASTED", budget.email),
            ],
        )


def _filter(tag: tuple[str, str] | None) -> list[BudgetsBudgetCostFilter] | None:
    # `$` parts key and value here; Terraform reads no interpolation into it, as no brace follows.
    return [BudgetsBudgetCostFilter(name="TagKeyValue", values=[f"user:{tag[0]}${tag[1]}"])] if tag else None


def _above(percent: int, kind: str, email: str) -> BudgetsBudgetNotification:
    return BudgetsBudgetNotification(
        comparison_operator="GREATER_THAN",
        notification_type=kind,
        threshold=percent,
        threshold_type="PERCENTAGE",
        subscriber_email_addresses=[email],
    )
