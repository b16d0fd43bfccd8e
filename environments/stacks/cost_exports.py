"""`management-cost-exports`: where AWS delivers what everything costs."""

from __future__ import annotations

from environments.observers import reporting_account
from environments.stacks.base import PlatformStack
from modules.core.handshake import Edge
from modules.cost_reporting.contract import CostReportsContract
from modules.cost_reporting.edges import COPIES_COSTS
from modules.cost_reporting.exports_store import ExportsStore
from modules.foundations.contract import AccessContract


class CostExportsStack(PlatformStack):
    """The bucket of the exports, its key, and the copies to the account that reports."""

    def compose(self) -> None:
        """Place the bucket, which copies to that of the reports."""
        store = ExportsStore(
            self,
            "exports",
            naming=self.naming,
            settings=self.settings.cost_reporting.exports,
            reports=self.consume(CostReportsContract),
            edge=self._edge(),
            boundary_arn=self.consume(AccessContract).boundary_arn,
        )
        self.publish(store.contract)

    def _edge(self) -> Edge | None:
        reporting = reporting_account(self.organization)
        account = self.place.account
        return None if reporting == account else self.edge(COPIES_COSTS, account.name, reporting.name)
