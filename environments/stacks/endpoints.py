"""`<shared services account>-endpoints`: private endpoints and names for every network of a region."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from modules.foundations.contract import OrganizationContract
from modules.foundations.network.addresses import share
from modules.foundations.network.central_endpoints import CentralEndpoints
from modules.foundations.network.contract import HubContract
from modules.foundations.network.endpoint_policies import Perimeter
from modules.observability.contract import LogArchiveContract


class EndpointsStack(PlatformStack):
    """The network of the shared services in one region."""

    def compose(self) -> None:
        """Place the endpoints, where any network of the region uses them, and the names for all of them."""
        organization, account, region = self.organization, self.place.account, self.place.region
        settings = self.settings.foundations
        organization_id = self.consume(OrganizationContract).organization_id
        management = self.graph.naming_of(organization.management)
        central = CentralEndpoints(
            self,
            "central",
            naming=self.naming,
            cidr=share(account.networks[region], account.vpcs, "endpoints"),
            settings=settings,
            central=any(
                organization.settings(spoke.environment).foundations.network.endpoints == "central"
                for spoke in organization.with_vpc("network", region)
            ),
            perimeter=Perimeter.of(self.naming, organization_id, settings.guardrails.image_accounts),
            organization_arn=management.arn("organizations", f"organization/{organization_id}", region=False),
            hub=self.consume(HubContract),
            logs=self.consume(LogArchiveContract),
        )
        self.publish(central.dns)
        self.publish(central.attachment)
