"""`<observability account>-cost-reports`: reports of costs and usage."""

from __future__ import annotations

from environments.placement.cost_reporting import stopping_accounts
from environments.stacks.base import PlatformStack
from environments.stacks.usage import usage_inventory, waste_stop
from modules.cost_reporting.edges import COPIES_COSTS
from modules.cost_reporting.reports_store import ReportsStore
from modules.cost_reporting.usage_tables import UsageTables
from modules.foundations.contract import AccessContract, OrganizationContract


class CostReportsStack(PlatformStack):
    """What the organisation costs and who uses what, as tables and reports."""

    def compose(self) -> None:
        """Place where reports lie, and what makes them."""
        settings = self.settings.cost_reporting
        self.consume(AccessContract)
        self.consume(OrganizationContract)
        store = ReportsStore(self, "store", naming=self.naming, settings=settings.reports)
        usage_inventory(self, store)
        if stopping_accounts(self.organization):
            waste_stop(self, store)
        UsageTables(
            self,
            "usage-tables",
            settings=settings.usage,
            database=store.database_name,
            bucket=store.bucket_name,
            keep_days=settings.reports.keep_usage_days,
        )
        # SCAFFOLD: sides whose parts are not here yet.
        for edge, side in self.graph.sides(self.place):
            if edge.kind is COPIES_COSTS:
                edge.render(self, side)
        self.publish(store.contract)
