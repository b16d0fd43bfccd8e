"""What a line of business, a team or a product means to spend in a month."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.budgets_budget import BudgetsBudget, BudgetsBudgetCostFilter, BudgetsBudgetNotification
from constructs import Construct

from modules.core.naming import BUDGET_LIMIT, Naming
from modules.cost_reporting.billing_settings import CostBudgetSettings


@dataclass(frozen=True, slots=True)
class OwnerCosts:
    """The costs of `owner`, a value of the level `level`, called `what` in names; `emails` hear of them.

    `monthly_usd` is what the owner means to spend.
    """

    level: str
    owner: str
    what: str
    monthly_usd: int
    emails: tuple[str, ...]


class OwnerBudget(Construct):
    """The budget `<organisation>-<environment>-<what>-monthly`, over all accounts, of one value of a cost category.

    It counts costs where they arise: without its part of what all share.

    Guarantees: its owner and FinOps hear by e-mail when the real costs, and when the forecast costs of the month pass
    the percentages of the settings.
    Controls: COST-03 (NIST 800-53 SA-2, SI-4).
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, settings: CostBudgetSettings, costs: OwnerCosts
    ) -> None:
        super().__init__(scope, id_)
        self.name = BudgetsBudget(
            self,
            "budget",
            name=naming.name(f"{costs.what}-monthly", limit=BUDGET_LIMIT),
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(costs.monthly_usd),
            limit_unit="USD",
            # `$` parts key and value here; Terraform reads no interpolation into it, as no brace follows.
            cost_filter=[BudgetsBudgetCostFilter(name="CostCategory", values=[f"{costs.level}${costs.owner}"])],
            notification=[
                _above(settings.actual_percent, "ACTUAL", costs),
                _above(settings.forecast_percent, "FORECASTED", costs),
            ],
        ).name


def _above(percent: int, kind: str, costs: OwnerCosts) -> BudgetsBudgetNotification:
    return BudgetsBudgetNotification(
        comparison_operator="GREATER_THAN",
        notification_type=kind,
        threshold=percent,
        threshold_type="PERCENTAGE",
        subscriber_email_addresses=list(costs.emails),
    )
