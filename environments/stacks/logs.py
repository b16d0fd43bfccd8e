"""`<log archive account>-logs`: where the organisation's logs end."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from modules.core.iam import account_root
from modules.core.wiring import named_only
from modules.data_lake.edges import AUDITS
from modules.data_lake.names import AUDIT_LOCATION
from modules.foundations.contract import OrganizationContract
from modules.observability.config_history import ConfigHistory
from modules.observability.contract import TrailContract
from modules.observability.edges import QUERIES_LOGS
from modules.observability.log_archive import LogArchive
from modules.observability.log_reading import LogReader


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
            auditor=self._auditor(),
        )
        self.publish(archive.contract)
        self._queried()
        history = ConfigHistory(
            self,
            "config-history",
            naming=self.naming,
            settings=observability.config_history,
            organization_id=organization_id,
            access_logs=archive.access_logs,
        )
        self.publish(history.contract)

    def _queried(self) -> None:
        """SCAFFOLD until its owner builds it: who queries the logs from the observability account."""
        for edge, side in self.graph.sides(self.place):
            if edge.kind is QUERIES_LOGS:
                edge.render(self, side)

    def _auditor(self) -> LogReader | None:
        """As whom Lake Formation of the governance account reads the trail, where it does."""
        if not any(edge.kind is AUDITS for edge, _ in self.graph.sides(self.place)):
            return None
        governance = self.naming_of(self.organization.account_for("data-governance", "org"))
        return LogReader(
            edge=self.edge(AUDITS, "data-governance", "the log archive"),
            account=account_root(governance.partition, governance.account_id),
            role_arn=governance.role_arn(AUDIT_LOCATION),
        )
