"""`<observability account>-cost-reports`: reports of costs and usage."""

from __future__ import annotations

from environments.allocation import allocation
from environments.placement.cost_reporting import stopping_accounts
from environments.stacks.base import PlatformStack
from environments.stacks.usage import usage_inventory, waste_stop
from modules.core.foreign_role import ForeignRole
from modules.cost_reporting.copied_exports import CopiedExports
from modules.cost_reporting.cost_views import cost_views
from modules.cost_reporting.edges import COPIES_COSTS
from modules.cost_reporting.export_tables import ExportTables
from modules.cost_reporting.names import CUR, EXPORTS_COPY, FOCUS, export_data
from modules.cost_reporting.reports_store import ReportsStore
from modules.cost_reporting.usage_tables import UsageTables
from modules.cost_reporting.views import Views
from modules.foundations.contract import AccessContract, OrganizationContract


class CostReportsStack(PlatformStack):
    """What the organisation costs and who uses what, as tables and reports."""

    def compose(self) -> None:
        """Place where reports lie, and what makes them."""
        self.consume(AccessContract)
        settings = self.organization.settings("org").cost_reporting
        store = ReportsStore(self, "store", naming=self.naming, settings=settings.reports, copied=self._copied())
        if self.organization.partition == "aws":
            self._costs(store)
        self._usage(store)
        self.publish(store.contract)

    def _copied(self) -> CopiedExports | None:
        """How AWS's exports come; elsewhere than in the partition `aws` there are none."""
        management = self.graph.management
        organization_id = self.consume(OrganizationContract).organization_id
        if self.organization.partition != "aws" or management == self.place.account:
            return None
        role = ForeignRole(self.naming_of(management), EXPORTS_COPY, organization_id)
        return CopiedExports(self.edge(COPIES_COSTS, management.name, self.place.account.name), role)

    def _usage(self, store: ReportsStore) -> None:
        settings = self.organization.settings("org").cost_reporting
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

    def _costs(self, store: ReportsStore) -> None:
        management = self.naming_of(self.graph.management)
        owned = allocation(self.organization, self.account_id)
        ExportTables(
            self,
            "exports",
            database=store.database_name,
            bucket=store.bucket_name,
            key_arn=store.key_arn,
            exports={export: export_data(management, export) for export in (CUR, FOCUS)},
            keep_months=self.organization.settings("org").cost_reporting.reports.keep_months,
            allocation=owned,
        )
        Views(self, "cost-views", database=store.database_name, views=cost_views(owned))
