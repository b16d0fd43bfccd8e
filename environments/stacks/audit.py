"""`<governance account>-audit`: who used data, for those who audit it."""

from __future__ import annotations

from environments.lake import working
from environments.model import Domain
from environments.stacks.base import PlatformStack
from modules.data_lake.audit import Audit
from modules.data_lake.audit_queries import Audited
from modules.data_lake.edges import AUDITS
from modules.data_lake.names import zone_bucket
from modules.foundations.contract import AccessContract, OrganizationContract
from modules.observability.contract import LogArchiveContract

# Where events of global services are recorded, by partition: https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
GLOBAL_REGION = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1"}


class AuditStack(PlatformStack):
    """A table over the organisation trail, its reader, and what auditors ask."""

    def compose(self) -> None:
        """Place them, for every account and domain there is."""
        organization, settings = self.organization, self.settings.data_lake
        archive = organization.account_for("log-archive", "org")
        Audit(
            self,
            "audit",
            naming=self.naming,
            settings=settings.audit,
            keep_results_days=settings.athena.keep_results_days,
            logs=self.consume(LogArchiveContract),
            organization_id=self.consume(OrganizationContract).organization_id,
            boundary_arn=self.consume(AccessContract).boundary_arn,
            audits=self.edge(AUDITS, "data-governance", "the log archive"),
            account_ids=[self.account_id(account) for account in organization.accounts],
            regions=sorted({*organization.governed_regions, GLOBAL_REGION[organization.partition]}),
            keep_days=organization.settings(archive.environment).observability.logs.expire_after_days,
            domains={domain.name: self._audited(domain) for domain in working(organization)},
        )

    def _audited(self, domain: Domain) -> Audited:
        naming = self.naming_of(self.organization.account(domain.account))
        buckets = [naming.bucket(zone_bucket(domain.name, domain.lake, zone)) for zone in domain.lake.zones]
        return Audited(naming.account_id, buckets)
