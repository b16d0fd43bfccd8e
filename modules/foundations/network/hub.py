"""The network hub of one region."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.ec2_transit_gateway_route import Ec2TransitGatewayRoute
from cdktf_cdktf_provider_aws.ec2_transit_gateway_route_table_association import (
    Ec2TransitGatewayRouteTableAssociation,
)
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.network.contract import HubContract
from modules.foundations.network.egress import ANYWHERE, Egress
from modules.foundations.network.reachability import EGRESS, ENVIRONMENTS, SEGMENTS, Environment, Profile, reaches
from modules.foundations.network.settings import NetworkSettings
from modules.foundations.network.transit import Transit
from modules.observability.contract import LogArchiveContract


class Hub(Construct):
    """The Transit Gateway, and behind it the way to the internet, where there is one.

    `cidr` is that of the egress VPC; `share_with` is the ARN of the organisation; `profiles` say which environments
    may go out.

    Guarantees:
    - each environment has a route table of its own, and reaches what `reachability` says;
    - only environments with the profile egress have a default route, and it leads through the egress VPC.

    Controls: NET-01 (NIST 800-53 SC-7, AC-4).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: NetworkSettings,
        profiles: Mapping[Environment, Profile],
        cidr: str,
        share_with: str,
        logs: LogArchiveContract,
    ) -> None:
        super().__init__(scope, id_)
        has_egress = settings.egress == "nat"
        transit = Transit(
            self,
            "transit",
            naming=naming,
            segments=SEGMENTS if has_egress else ENVIRONMENTS,
            supernet=settings.supernet,
            share_with=share_with,
            logs=logs,
        )
        if has_egress:
            egress = Egress(
                self,
                "egress",
                naming=naming,
                settings=settings,
                cidr=cidr,
                transit_gateway_id=transit.id,
                logs=logs,
            )
            self._lead_out(transit, egress.attachment_id, profiles)
        self.contract = HubContract(transit_gateway_id=transit.id, route_table_ids=transit.table_ids)

    def _lead_out(self, transit: Transit, attachment_id: str, profiles: Mapping[Environment, Profile]) -> None:
        Ec2TransitGatewayRouteTableAssociation(
            self,
            "egress-table",
            transit_gateway_route_table_id=transit.table_ids[EGRESS],
            transit_gateway_attachment_id=attachment_id,
        )
        for environment in ENVIRONMENTS:
            if reaches(environment, EGRESS, profiles):
                Ec2TransitGatewayRoute(
                    self,
                    f"out-{environment}",
                    transit_gateway_route_table_id=transit.table_ids[environment],
                    destination_cidr_block=ANYWHERE,
                    transit_gateway_attachment_id=attachment_id,
                )
