"""`<network account>-routes`: which network reaches which, in one region."""

from __future__ import annotations

from environments.model import Organization
from environments.stacks.base import PlatformStack
from modules.foundations.network.contract import AttachmentContract, HubContract, SpokeContract
from modules.foundations.network.reachability import ENVIRONMENTS, Environment, Profile
from modules.foundations.network.routes import Attached, Routes

# The central endpoints belong to no account's spoke. No account is called so: names have no underscore.
ENDPOINTS = "central_endpoints"


def profiles(organization: Organization) -> dict[Environment, Profile]:
    """Which environments may reach the internet."""
    return {environment: organization.settings(environment).foundations.network.profile for environment in ENVIRONMENTS}


class RoutesStack(PlatformStack):
    """The routes between the spokes, the central endpoints and the way out."""

    def compose(self) -> None:
        """Place the routes of every VPC that is attached in this region."""
        spokes = {
            name: Attached(self.organization.account(name).environment, spoke)
            for name, spoke in self.gather(SpokeContract).items()
        }
        endpoints = Attached("org", self.consume(AttachmentContract))  # the shared services account serves all
        Routes(
            self,
            "routes",
            hub=self.consume(HubContract),
            attached={ENDPOINTS: endpoints, **spokes},
            profiles=profiles(self.organization),
        )
