"""`management-control-tower`: the units that AWS Control Tower governs, and its controls on them."""

from __future__ import annotations

from environments.landing_zone import governed_units
from environments.stacks.base import PlatformStack
from modules.foundations.contract import OrganizationContract
from modules.foundations.control_tower.control_tower import ControlTower
from modules.foundations.control_tower.settings import BASELINE_VERSIONS


class ControlTowerStack(PlatformStack):
    """Registered units and controls."""

    def compose(self) -> None:
        """Place registrations and controls."""
        settings = self.settings.foundations
        ControlTower(
            self,
            "control-tower",
            naming=self.naming,
            units=governed_units(self.organization),
            baseline_version=BASELINE_VERSIONS[settings.landing_zone.version],
            regions=self.organization.governed_regions,
            parameters=settings.control_tower.parameters,
            organization=self.consume(OrganizationContract),
        )
