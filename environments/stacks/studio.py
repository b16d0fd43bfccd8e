"""`<account>-studio`: SageMaker Studio of a team in its dev account."""

from __future__ import annotations

from environments.stacks.announcing import announce
from environments.stacks.base import PlatformStack
from environments.stacks.desk import desk_of
from environments.stacks.workplace import offer_of
from environments.workplaces import packages_offered, serving_account
from modules.core.naming import Naming
from modules.foundations.contract import AccessContract, BaselineContract
from modules.foundations.network.contract import SpokeContract
from modules.ml_platform.names import PACKAGE_REPOSITORY, image_uri, package_domain
from modules.ml_use_case.studio import Studio
from modules.ml_use_case.studio_scripts import PackageIndex


class StudioStack(PlatformStack):
    """The domain, its people and their experiments, and what becomes of the team's models, announced."""

    def compose(self) -> None:
        """Place them."""
        desk, organization = desk_of(self), self.organization
        shared = self.naming_of(serving_account(organization, desk))
        studio = Studio(
            self,
            "studio",
            naming=self.naming,
            settings=self.settings.ml_use_case.studio,
            offer=offer_of(self),
            team=desk.team.name,
            studio=desk.team.studio,
            sso=organization.identity.enabled,
            images_uri=image_uri(shared, "studio"),
            packages=_packages(shared) if packages_offered(organization) else None,
            network=self.consume(SpokeContract),
            keys=self.consume(BaselineContract),
            access=self.consume(AccessContract),
        )
        announce(self)
        self.publish(studio.contract)


def _packages(shared: Naming) -> PackageIndex:
    return PackageIndex(package_domain(shared), shared.account_id, PACKAGE_REPOSITORY, shared.region)
