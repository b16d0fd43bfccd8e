"""`<observability account>-cost-reports`: reports of costs and usage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from environments.allocation import allocation
from environments.identity import group_name
from environments.lake import lake_accounts
from environments.stacks.base import PlatformStack
from environments.stacks.usage import usage_and_waste
from modules.core.foreign_role import ForeignRole
from modules.cost_reporting.allocation import Allocation
from modules.cost_reporting.copied_exports import CopiedExports
from modules.cost_reporting.cost_dashboard import CostDashboard
from modules.cost_reporting.cost_views import ALLOCATED, cost_views
from modules.cost_reporting.edges import COPIES_COSTS
from modules.cost_reporting.export_tables import ExportTables
from modules.cost_reporting.names import CUR, EXPORTS_COPY, FOCUS, export_data
from modules.cost_reporting.reports_settings import QuickSightSettings
from modules.cost_reporting.reports_store import ReportsStore
from modules.cost_reporting.showback import Showback
from modules.cost_reporting.views import Views
from modules.foundations.contract import AccessContract, OrganizationContract
from modules.foundations.personas import Group


class CostReportsStack(PlatformStack):
    """What the organisation costs and who uses what, as tables and reports."""

    def compose(self) -> None:
        """Place where reports lie, and what makes them."""
        settings = self.organization.settings("org").cost_reporting
        store = ReportsStore(
            self,
            "store",
            naming=self.naming,
            settings=settings.reports,
            copied=self._copied(),
            contact=self.organization.contacts.billing.email,
        )
        if self.organization.partition == "aws":
            self._costs(store)
        usage_and_waste(self, store)
        self.publish(store.contract)

    def _copied(self) -> CopiedExports | None:
        """How AWS's exports come; elsewhere than in the partition `aws` there are none."""
        management = self.graph.management
        organization_id = self.consume(OrganizationContract).organization_id
        if self.organization.partition != "aws" or management == self.place.account:
            return None
        role = ForeignRole(self.naming_of(management), EXPORTS_COPY, organization_id)
        return CopiedExports(self.edge(COPIES_COSTS, management.name, self.place.account.name), role)

    def _costs(self, store: ReportsStore) -> None:
        management = self.naming_of(self.graph.management)
        owned = allocation(self.organization, self.account_id)
        tables = ExportTables(
            self,
            "exports",
            database=store.database_name,
            bucket=store.bucket_name,
            key_arn=store.key_arn,
            exports={export: export_data(management, export) for export in (CUR, FOCUS)},
            keep_months=self.organization.settings("org").cost_reporting.reports.keep_months,
            allocation=owned,
        )
        views = Views(self, "cost-views", database=store.database_name, views=cost_views(owned))
        reports = self.organization.settings("org").cost_reporting.reports
        if reports.quicksight is not None:
            self._dashboard(reports.quicksight, store, owned)
        Showback(
            self,
            "showback",
            naming=self.naming,
            settings=reports.showback,
            store=store,
            lines=self._owners(),
            boundary_arn=self.consume(AccessContract).boundary_arn,
            governed={**tables.tables, **views.tables}
            if self.place.account in lake_accounts(self.organization)
            else None,
        )

    def _dashboard(self, settings: QuickSightSettings, store: ReportsStore, owned: Allocation) -> None:
        """Teams' leads see their line of business, executives all."""
        organization = self.organization

        def leads(team: str) -> str:
            return group_name(organization.identity, organization.name, Group("ml-team-lead", team))

        (view,) = (each for each in cost_views(owned) if each.name == ALLOCATED)
        CostDashboard(
            self,
            "dashboard",
            naming=self.naming,
            settings=settings,
            view=view,
            workgroup=store.workgroup.name,
            readers={leads(team.name): team.line_of_business for team in organization.teams},
            everything=group_name(organization.identity, organization.name, Group("executive")),
        )

    def _owners(self) -> Mapping[str, Sequence[str]]:
        """Who is told of each line of business: the owners of its teams."""
        found: dict[str, list[str]] = {}
        for team in self.organization.teams:
            owners = found.setdefault(team.line_of_business, [])
            if team.owner not in owners:
                owners.append(team.owner)
        return found
