"""What all launches of one product are meant to cost in a month."""

from __future__ import annotations

from cdktf import Fn
from cdktf_cdktf_provider_aws.budgets_budget import BudgetsBudget, BudgetsBudgetCostFilter, BudgetsBudgetNotification
from cdktf_cdktf_provider_aws.servicecatalog_budget_resource_association import ServicecatalogBudgetResourceAssociation
from constructs import Construct

from modules.core.naming import BUDGET_LIMIT, Naming
from modules.ml_platform.names import Product
from modules.ml_platform.portfolio_product import PortfolioProduct

PERCENT = 80


class ProductBudget(Construct):
    """The budget `<organisation>-<environment>-product-<product>`, which Service Catalog shows beside the product.

    It counts what carries the product's tag, which AWS sets and the management account activates for cost allocation.
    A budget sees the accounts that its own account pays for: all where the management account administers Service
    Catalog, else what was launched beside the portfolio; a team's own spending is watched by the budget of its account.

    Guarantees: `email` hears at 80 % of `monthly_usd`, and when 100 % are forecast.
    Controls: COST-03 (NIST 800-53 SA-2, SI-4).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        name: Product,
        product: PortfolioProduct,
        monthly_usd: int,
        email: str,
    ) -> None:
        super().__init__(scope, id_)
        budget = BudgetsBudget(
            self,
            "budget",
            name=naming.name(f"product-{name}", limit=BUDGET_LIMIT),
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(monthly_usd),
            limit_unit="USD",
            cost_filter=[
                BudgetsBudgetCostFilter(
                    name="TagKeyValue",
                    # Joined by Terraform: `$` before a reference would read as an escape.
                    values=[Fn.join("$", ["aws:servicecatalog:productArn", product.arn])],
                )
            ],
            notification=[_above(PERCENT, "ACTUAL", email), _above(100, "FORECASTED", email)],
        )
        ServicecatalogBudgetResourceAssociation(self, "shown", budget_name=budget.name, resource_id=product.id)


def _above(percent: int, kind: str, email: str) -> BudgetsBudgetNotification:
    return BudgetsBudgetNotification(
        comparison_operator="GREATER_THAN",
        notification_type=kind,
        threshold=percent,
        threshold_type="PERCENTAGE",
        subscriber_email_addresses=[email],
    )
