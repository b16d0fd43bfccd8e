"""`<account>-network`: the account's own network in a region."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from modules.foundations.contract import OrganizationContract
from modules.foundations.network.addresses import share
from modules.foundations.network.contract import DnsContract, HubContract
from modules.foundations.network.endpoint_policies import Perimeter
from modules.foundations.network.spoke import Spoke
from modules.observability.contract import LogArchiveContract


class NetworkStack(PlatformStack):
    """The spoke of one account in one region."""

    def compose(self) -> None:
        """Place the spoke."""
        account, region = self.place.account, self.place.region
        settings = self.settings.foundations
        spoke = Spoke(
            self,
            "spoke",
            naming=self.naming,
            cidr=share(account.networks[region], account.vpcs, "network"),
            settings=settings,
            perimeter=Perimeter.of(
                self.naming,
                self.consume(OrganizationContract).organization_id,
                settings.guardrails.image_accounts,
            ),
            hub=self.consume(HubContract),
            dns=self.consume(DnsContract),
            logs=self.consume(LogArchiveContract),
        )
        self.publish(spoke.contract)
