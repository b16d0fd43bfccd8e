"""`<network account>-hub`: the Transit Gateway of a region and the way out behind it."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from environments.stacks.routes import profiles
from modules.foundations.contract import OrganizationContract
from modules.foundations.network.addresses import share
from modules.foundations.network.hub import Hub
from modules.observability.contract import LogArchiveContract


class HubStack(PlatformStack):
    """The network's hub in one region."""

    def compose(self) -> None:
        """Place the hub in its part of the account's CIDR, and publish the gateway with its route tables."""
        account, management = self.place.account, self.graph.management
        organization_id = self.consume(OrganizationContract).organization_id
        hub = Hub(
            self,
            "hub",
            naming=self.naming,
            settings=self.settings.foundations.network,
            profiles=profiles(self.organization),
            cidr=share(account.networks[self.place.region], account.vpcs, "hub"),
            share_with=self.graph.naming_of(management).arn(
                "organizations", f"organization/{organization_id}", region=False
            ),
            logs=self.consume(LogArchiveContract),
        )
        self.publish(hub.contract)
