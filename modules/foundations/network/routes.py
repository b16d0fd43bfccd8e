"""The place of each attached VPC in the route tables of a region's hub."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.ec2_transit_gateway_route_table_association import (
    Ec2TransitGatewayRouteTableAssociation,
)
from cdktf_cdktf_provider_aws.ec2_transit_gateway_route_table_propagation import (
    Ec2TransitGatewayRouteTablePropagation,
)
from constructs import Construct

from modules.foundations.network.contract import AttachmentContract, HubContract
from modules.foundations.network.reachability import Environment, Profile, learners


@dataclass(frozen=True, slots=True)
class Attached:
    """A VPC that is attached to the hub, and the environment of its account."""

    environment: Environment
    vpc: AttachmentContract


class Routes(Construct):
    """Associates each VPC (by a key of its own) with its environment's table, and tells it to those that reach it.

    Guarantees: a VPC has the routes of its environment and no others; what does not reach it does not know it.
    Controls: NET-01 (NIST 800-53 AC-4, SC-7).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        hub: HubContract,
        attached: Mapping[str, Attached],
        profiles: Mapping[Environment, Profile],
    ) -> None:
        super().__init__(scope, id_)
        for key, each in attached.items():
            own = Construct(self, key)
            Ec2TransitGatewayRouteTableAssociation(
                own,
                "table",
                transit_gateway_route_table_id=hub.route_table_ids[each.environment],
                transit_gateway_attachment_id=each.vpc.attachment_id,
            )
            for segment in learners(each.environment, profiles):
                Ec2TransitGatewayRouteTablePropagation(
                    own,
                    f"known-to-{segment}",
                    transit_gateway_route_table_id=hub.route_table_ids[segment],
                    transit_gateway_attachment_id=each.vpc.attachment_id,
                )
