"""`management-delegation`: who administers security services for the organisation."""

from __future__ import annotations

from environments.administrators import security_administrator
from environments.stacks.base import PlatformStack
from modules.core.errors import ContractError
from modules.foundations.security.delegation import Delegation
from modules.foundations.security.detection import Detection


class DelegationStack(PlatformStack):
    """The management account's own detection, and the delegated administrator of one region."""

    def compose(self) -> None:
        """Switch detection on here, then delegate."""
        administrator = security_administrator(self.organization)
        if administrator is None:
            raise ContractError(f"{self.place.id}: the management account cannot delegate security services to itself")
        settings = self.settings.foundations.security
        detection = Detection(self, "detection", naming=self.naming, settings=settings, investigates=False)
        Delegation(
            self,
            "delegation",
            naming=self.naming,
            settings=settings,
            administrator_id=self.account_id(administrator),
            audits=self.at_home,
            ready=detection.services,
        )
