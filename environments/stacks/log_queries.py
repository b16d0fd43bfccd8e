"""`<observability account>-log-queries`: tables over the log archive, and who asks what of them."""

from __future__ import annotations

from environments.lake import lake_accounts
from environments.stacks.audit import GLOBAL_REGION
from environments.stacks.base import PlatformStack
from modules.foundations.contract import AccessContract, OrganizationContract
from modules.foundations.network.contract import AttachmentContract
from modules.foundations.network.vpc_flow_logs import FIELDS
from modules.observability.contract import LogArchiveContract
from modules.observability.edges import QUERIES_LOGS
from modules.observability.log_queries import LogQueries
from modules.observability.log_tables import Logged, Network


class LogQueriesStack(PlatformStack):
    """The organisation's logs, queried from its observability account."""

    def compose(self) -> None:
        """Place tables, reader and queries, for every account, region and network there is."""
        organization, account = self.organization, self.place.account
        archive = organization.account_for("log-archive", "org")
        observability = organization.settings(archive.environment).observability
        foundations = organization.settings("org").foundations
        LogQueries(
            self,
            "queries",
            naming=self.naming,
            settings=self.settings.observability.log_queries,
            logs=self.consume(LogArchiveContract),
            logged=self._logged(trail=observability.trail.source == "mlgov"),
            home=organization.home_region,
            keep_days=observability.logs.expire_after_days,
            known_domains=[*foundations.network.allowed_domains, *foundations.dns.on_premises.forward],
            boundary_arn=self.consume(AccessContract).boundary_arn,
            governed=account in lake_accounts(organization),
            edge=None if account == archive else self.edge(QUERIES_LOGS, account.name, "the log archive"),
        )

    def _logged(self, *, trail: bool) -> Logged:
        organization = self.organization
        regions = sorted(organization.governed_regions)
        return Logged(
            organization_id=self.consume(OrganizationContract).organization_id,
            account_ids=[self.account_id(account) for account in organization.accounts],
            networked_ids=[self.account_id(account) for account in organization.accounts if account.networks],
            hub_id=self.account_id(organization.account_for("network", "org")),
            networks=[
                Network(self.account_id(node.account), attached.vpc_id)
                for node, attached in self.gather_all(AttachmentContract)
            ],
            regions=regions,
            # Control Tower's own trail lies in a bucket of its own.
            trail_regions=sorted({*regions, GLOBAL_REGION[organization.partition]}) if trail else (),
            flow_fields=FIELDS,
        )
