"""`<observability account>-cost-reports`: reports of costs and usage."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from environments.stacks.usage import usage_inventory
from modules.cost_reporting.edges import COPIES_COSTS
from modules.cost_reporting.reports_store import ReportsStore
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
        # SCAFFOLD: sides whose parts are not here yet.
        for edge, side in self.graph.sides(self.place):
            if edge.kind is COPIES_COSTS:
                edge.render(self, side)
        self.publish(store.contract)
