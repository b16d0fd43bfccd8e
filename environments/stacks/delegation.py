"""`management-delegation`: who administers security services, and at home addresses, for the organisation."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.vpc_ipam_organization_admin_account import VpcIpamOrganizationAdminAccount

from environments.administrators import administrators
from environments.stacks.base import PlatformStack
from modules.foundations.security.delegation import Delegation
from modules.foundations.security.detection import Detection


class DelegationStack(PlatformStack):
    """The management account's own detection, and the delegated administrators of one region."""

    def compose(self) -> None:
        """Switch detection on here, then delegate."""
        delegates = administrators(self.organization, self.place.region)
        settings = self.settings.foundations.security
        if "security" in delegates:
            detection = Detection(self, "detection", naming=self.naming, settings=settings, investigates=False)
            Delegation(
                self,
                "delegation",
                naming=self.naming,
                settings=settings,
                administrator_id=self.account_id(delegates["security"]),
                audits=self.at_home,
                ready=detection.services,
            )
        if "addresses" in delegates:
            VpcIpamOrganizationAdminAccount(
                self, "addresses", delegated_admin_account_id=self.account_id(delegates["addresses"])
            )
