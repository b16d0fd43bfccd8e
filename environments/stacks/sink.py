"""`<observability account>-sink`: where telemetry of other accounts is seen."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from modules.foundations.contract import OrganizationContract
from modules.observability.telemetry_sink import TelemetrySink


class SinkStack(PlatformStack):
    """What the account sees of others in one region."""

    def compose(self) -> None:
        """Place the sink."""
        sink = TelemetrySink(
            self, "sink", naming=self.naming, organization_id=self.consume(OrganizationContract).organization_id
        )
        self.publish(sink.contract)
