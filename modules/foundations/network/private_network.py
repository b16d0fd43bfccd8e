"""A VPC without a way out of its own: what it reaches, it reaches through the hub."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.default_security_group import DefaultSecurityGroup
from cdktf_cdktf_provider_aws.ec2_transit_gateway_vpc_attachment import Ec2TransitGatewayVpcAttachment
from cdktf_cdktf_provider_aws.route import Route
from cdktf_cdktf_provider_aws.route_table import RouteTable
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation
from cdktf_cdktf_provider_aws.subnet import Subnet
from cdktf_cdktf_provider_aws.vpc import Vpc
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.network.addresses import spoke_subnets
from modules.foundations.network.contract import HubContract
from modules.foundations.network.zones import zone_ids


class PrivateNetwork(Construct):
    """The VPC `<organisation>-<environment>-<what>` with private subnets, attached to the Transit Gateway.

    `destinations` are the networks, as CIDRs, that are reached through the hub.

    Guarantees:
    - no internet gateway, no NAT and no public address: the only way out is the Transit Gateway;
    - what lies neither in the VPC nor in a destination cannot be reached;
    - the attachment is associated with no route table and propagates to none before the hub says so;
    - the default security group admits nothing; AWS's names resolve in the VPC;
    - subnets of one letter are made in one physical zone in every account, and stay there.

    Controls: NET-01, NET-05 (FSBP EC2.2, EC2.15; NIST 800-53 SC-7, AC-4).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        cidr: str,
        zones: int,
        destinations: Sequence[str],
        hub: HubContract,
    ) -> None:
        super().__init__(scope, id_)
        self._name, self._naming = what, naming
        vpc = Vpc(
            self,
            "vpc",
            cidr_block=cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": naming.name(what)},
        )
        self.cidr, self.vpc_id = cidr, vpc.id
        DefaultSecurityGroup(self, "default-security-group", vpc_id=vpc.id)
        plan = spoke_subnets(cidr, zones)
        self._zones = zone_ids(self, zones)
        attached = [self._subnet("attachment", *each) for each in zip(self._zones, plan.attachment, strict=True)]
        private = {
            letter: self._subnet("private", letter, block)
            for letter, block in zip(self._zones, plan.private, strict=True)
        }
        self.private_subnet_ids = [subnet.id for subnet in private.values()]
        attachment = Ec2TransitGatewayVpcAttachment(
            self,
            "attachment",
            vpc_id=vpc.id,
            subnet_ids=[subnet.id for subnet in attached],
            transit_gateway_id=hub.transit_gateway_id,
            dns_support="enable",
            tags={"Name": naming.name(what)},
        )
        self.attachment_id = attachment.id
        self.route_table_ids = [
            self._route_table(letter, subnet, attachment, destinations) for letter, subnet in private.items()
        ]

    def _subnet(self, tier: str, zone: str, block: str) -> Subnet:
        return Subnet(
            self,
            f"{tier}-{zone}",
            vpc_id=self.vpc_id,
            cidr_block=block,
            availability_zone_id=self._zones[zone],
            map_public_ip_on_launch=False,
            # A zone that AWS withdraws or adds must not replace subnets that are in use.
            lifecycle=TerraformResourceLifecycle(ignore_changes=["availability_zone_id"]),
            tags={"Name": self._naming.name(f"{self._name}-{tier}-{zone}")},
        )

    def _route_table(
        self, zone: str, subnet: Subnet, attachment: Ec2TransitGatewayVpcAttachment, destinations: Sequence[str]
    ) -> str:
        table = RouteTable(
            self, f"routes-{zone}", vpc_id=self.vpc_id, tags={"Name": self._naming.name(f"{self._name}-{zone}")}
        )
        RouteTableAssociation(self, f"routed-{zone}", subnet_id=subnet.id, route_table_id=table.id)
        for destination in destinations:
            Route(
                self,
                f"route-{zone}-{destination.replace('/', '-')}",
                route_table_id=table.id,
                destination_cidr_block=destination,
                transit_gateway_id=attachment.transit_gateway_id,
                depends_on=[attachment],  # AWS takes a route to a gateway only from a VPC that is attached to it
            )
        return table.id
