"""`management-trail`: the organisation's CloudTrail trail."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from modules.observability.contract import LogArchiveContract
from modules.observability.organization_trail import OrganizationTrail


class TrailStack(PlatformStack):
    """One trail for every account and region, delivered to the log archive."""

    def compose(self) -> None:
        """Place the trail."""
        trail = OrganizationTrail(
            self,
            "trail",
            naming=self.naming,
            settings=self.settings.observability.trail,
            logs=self.consume(LogArchiveContract),
        )
        self.publish(trail.contract)
