"""`<log archive account>-logs`: where the organisation's logs end."""

from __future__ import annotations

from collections.abc import Iterator

from environments.observers import reporting_account
from environments.stacks.base import PlatformStack
from modules.core.handshake import EdgeKind
from modules.core.iam import account_root
from modules.core.replication import Replica
from modules.core.wiring import named_only
from modules.data_lake.edges import AUDITS
from modules.data_lake.names import AUDIT_LOCATION
from modules.foundations.contract import AccessContract, OrganizationContract
from modules.observability.config_history import ConfigHistory
from modules.observability.contract import LogCopyContract, TrailContract, trail_prefix
from modules.observability.edges import QUERIES_LOGS
from modules.observability.log_archive import LogArchive
from modules.observability.log_copy import COPY_CLASS
from modules.observability.log_reading import LogReader
from modules.observability.log_tables import read_prefixes
from modules.observability.names import LOG_QUERIES


class LogsStack(PlatformStack):
    """The central log bucket, the history of AWS Config, and their keys."""

    def compose(self) -> None:
        """Place the archive, open to the organisation trail of the management account."""
        management, observability = self.graph.management, self.settings.observability
        organization_id = self.consume(OrganizationContract).organization_id
        # The trail reads this stack; this stack names the trail. As a read that would be a cycle.
        trail = named_only(TrailContract, self.graph.naming_of(management))
        archive = LogArchive(
            self,
            "archive",
            naming=self.naming,
            settings=observability.logs,
            trail=trail,
            organization_id=organization_id,
            management_account_id=self.account_id(management),
            intake_regions=self.organization.governed_regions,
            boundary_arn=self.consume(AccessContract).boundary_arn,
            replica=self._replica(),
            readers=[*self._auditor(organization_id), *self._querier(organization_id)],
        )
        self.publish(archive.contract)
        history = ConfigHistory(
            self,
            "config-history",
            naming=self.naming,
            settings=observability.config_history,
            organization_id=organization_id,
            access_logs=archive.access_logs,
        )
        self.publish(history.contract)

    def _replica(self) -> Replica | None:
        """Where the copies of the log bucket lie, where a region is set for them."""
        region = self.settings.observability.logs.copy_to
        if region is None or LogCopyContract not in self.place.consumes:  # a stack that is taken down reads no other
            return None
        copy = self.consume(LogCopyContract)
        return Replica(copy.copy_bucket_arn, copy.copy_key_arn, region, COPY_CLASS)

    def _auditor(self, organization_id: str) -> Iterator[LogReader]:
        """As whom Lake Formation of the governance account reads the trail, where it does."""
        if self._renders(AUDITS):
            governance = self.naming_of(self.organization.account_for("data-governance", "org"))
            yield LogReader(
                purpose="Audit",
                edge=self.edge(AUDITS, "data-governance", "the log archive"),
                account=account_root(governance.partition, governance.account_id),
                role_arn=governance.role_arn(AUDIT_LOCATION),
                prefixes=[trail_prefix(organization_id)],
            )

    def _querier(self, organization_id: str) -> Iterator[LogReader]:
        """As whom people of the observability account query logs, where it is another account."""
        if self._renders(QUERIES_LOGS):
            account = reporting_account(self.organization)
            naming = self.naming_of(account)
            yield LogReader(
                purpose="Queries",
                edge=self.edge(QUERIES_LOGS, account.name, "the log archive"),
                account=account_root(naming.partition, naming.account_id),
                role_arn=naming.role_arn(LOG_QUERIES),
                prefixes=read_prefixes(organization_id),
            )

    def _renders(self, kind: EdgeKind) -> bool:
        # By value: in a process that makes a part of the stacks (`--jobs`), an edge has a copy of its kind.
        return any(edge.kind == kind for edge, _ in self.graph.sides(self.place))
