"""`management-landing-zone`: AWS Control Tower itself, rarely applied."""

from __future__ import annotations

from environments.landing_zone import shared_accounts
from environments.stacks.base import PlatformStack
from modules.foundations.contract import AccessContract
from modules.foundations.control_tower.landing_zone import LandingZone, SharedAccounts


class LandingZoneStack(PlatformStack):
    """The landing zone, apart from what it governs: its operations take up to an hour."""

    def compose(self) -> None:
        """Place the landing zone."""
        settings = self.settings.foundations.landing_zone
        LandingZone(
            self,
            "landing-zone",
            naming=self.naming,
            settings=settings,
            regions=self.organization.governed_regions,
            boundary_arn=self.consume(AccessContract).boundary_arn,
            shared=self._shared() if settings.integrated else None,
        )

    def _shared(self) -> SharedAccounts:
        archive, tooling = shared_accounts(self.organization)
        units = {unit.key: unit.name for unit in self.organization.units}
        # Both stand in one unit below the root (environments/rules/landing_zone.py).
        return SharedAccounts(self.account_id(archive), self.account_id(tooling), unit_name=units[str(archive.unit)])
