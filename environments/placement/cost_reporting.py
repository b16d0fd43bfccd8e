"""What the organisation costs and who uses what: exports, categories and budgets, and the reports over them."""

from __future__ import annotations

from collections.abc import Iterator

from environments.node import Node
from environments.observers import reported_accounts, reporting_account, stopping_accounts
from environments.placement.site import Edges, Site
from modules.core.handshake import Edge, Handshake
from modules.cost_reporting.contract import CostExportsContract, CostReportsContract
from modules.cost_reporting.edges import COPIES_COSTS, READS_USAGE, STOPS_WASTE
from modules.cost_reporting.names import BILLING_REGION
from modules.foundations.contract import OrganizationContract

MODULE = "cost_reporting"


def place(site: Site) -> Iterator[Node]:
    """Exports, categories and budgets in the management account, the reports where the organisation is observed.

    AWS bills in the partition `aws`; elsewhere there are the reports on usage alone.
    """
    organization, management = site.organization, site.management
    account = reporting_account(organization)
    if organization.partition == "aws":
        exports = site.id(management, "cost-exports")
        reports: Edges = {CostReportsContract: site.id(account, "cost-reports"), **site.ids(account)}
        yield site.node("cost-exports", management, {**site.access(management), **reports}, module=MODULE)
        costs: Edges = {**site.access(management), OrganizationContract: site.tree, CostExportsContract: exports}
        yield site.node("costs", management, costs, region=BILLING_REGION, module=MODULE)
    edges = {**site.access(account), OrganizationContract: site.tree}
    yield site.node("cost-reports", account, edges, module=MODULE)


def handshakes(site: Site) -> Iterator[Handshake]:
    """From the exports to the reports, and from these to every account whose usage they list."""
    account, management = reporting_account(site.organization), site.management
    reports = site.id(account, "cost-reports")
    if site.organization.partition == "aws" and account != management:
        sides = {"replication": site.id(management, "cost-exports"), "bucket": reports, "key": reports}
        yield Handshake(Edge(COPIES_COSTS, management.name, account.name), sides)
    for each in reported_accounts(site.organization):
        if each != account:
            sides = {"role": site.id(each, "baseline"), "inventory": reports}
            yield Handshake(Edge(READS_USAGE, account.name, each.name), sides)
    for each in stopping_accounts(site.organization):
        sides = {"role": site.id(each, "baseline"), "function": reports}
        yield Handshake(Edge(STOPS_WASTE, account.name, each.name), sides)
