"""`management-costs`: exports, categories, budgets and anomalies of costs."""

from __future__ import annotations

from collections.abc import Iterator

from environments.allocation import allocation
from environments.costs import braked_accounts, finops, lines_of_business, product_budgets, team_budget
from environments.stacks.base import PlatformStack
from modules.cost_reporting.allocation import LINE_OF_BUSINESS, PRODUCT, TEAM
from modules.cost_reporting.budget_brake import Braked, BudgetBrake
from modules.cost_reporting.contract import CostExportsContract
from modules.cost_reporting.cost_allocation_tags import CostAllocationTags
from modules.cost_reporting.cost_anomalies import CostAnomalies
from modules.cost_reporting.cost_categories import CostCategories
from modules.cost_reporting.data_exports import DataExports
from modules.cost_reporting.names import line_slug
from modules.cost_reporting.optimizers import Optimizers
from modules.cost_reporting.owner_budget import OwnerBudget, OwnerCosts
from modules.foundations.contract import AccessContract, OrganizationContract


class CostsStack(PlatformStack):
    """What AWS itself tells of costs; nothing that holds data stands here."""

    def compose(self) -> None:
        """Place exports, tags, categories, budgets with their brake, and monitors."""
        organization = self.organization
        billing = self.settings.cost_reporting.billing
        DataExports(
            self,
            "exports",
            naming=self.naming,
            store=self.consume(CostExportsContract),
            store_region=organization.home_region,
        )
        CostAllocationTags(self, "tags", settings=billing)
        Optimizers(self, "optimizers")
        categories = CostCategories(self, "categories", allocation=allocation(organization, self.account_id))
        self._budgets(categories)
        CostAnomalies(
            self,
            "anomalies",
            naming=self.naming,
            settings=billing.anomalies,
            finops=finops(organization),
            owners=lines_of_business(organization),
            category=categories.levels[LINE_OF_BUSINESS],
        )

    def _budgets(self, categories: CostCategories) -> None:
        settings, organization = self.settings.cost_reporting.billing.budgets, self.organization
        names = {}
        for costs in self._owners():
            budget = OwnerBudget(self, f"budget-{costs.what}", naming=self.naming, settings=settings, costs=costs)
            budget.node.add_dependency(categories)
            names[costs.what] = budget.name
        organization_id = self.consume(OrganizationContract).organization_id
        boundary_arn = self.consume(AccessContract).boundary_arn
        if settings.brakes:
            teams = [organization.team(name) for name in settings.brakes]
            braked = [
                Braked(
                    team.name,
                    names[f"team-{team.name}"],
                    tuple(self.account_id(account) for account in braked_accounts(organization, team)),
                    (finops(organization), team.owner),
                )
                for team in teams
            ]
            BudgetBrake(
                self,
                "brake",
                naming=self.naming,
                teams=braked,
                percent=settings.brake_percent,
                organization_id=organization_id,
                boundary_arn=boundary_arn,
            )

    def _owners(self) -> Iterator[OwnerCosts]:
        organization, told = self.organization, finops(self.organization)
        lines = self.settings.cost_reporting.billing.budgets.lines_of_business
        for name, line in lines.items():
            emails = tuple(sorted({told, line.owner}))
            yield OwnerCosts(LINE_OF_BUSINESS, name, f"line-{line_slug(name)}", line.monthly_usd, emails)
        for team in organization.teams:
            if usd := team_budget(team):
                yield OwnerCosts(TEAM, team.name, f"team-{team.name}", usd, tuple(sorted({told, team.owner})))
        for product, (usd, owners) in product_budgets(organization).items():
            yield OwnerCosts(PRODUCT, product, f"product-{product}", usd, tuple(sorted({told, *owners})))
