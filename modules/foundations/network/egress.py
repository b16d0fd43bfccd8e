"""The egress VPC: the one way from the organisation's networks to the internet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.default_security_group import DefaultSecurityGroup
from cdktf_cdktf_provider_aws.ec2_transit_gateway_vpc_attachment import Ec2TransitGatewayVpcAttachment
from cdktf_cdktf_provider_aws.eip import Eip
from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from cdktf_cdktf_provider_aws.nat_gateway import NatGateway
from cdktf_cdktf_provider_aws.route import Route
from cdktf_cdktf_provider_aws.route_table import RouteTable
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation
from cdktf_cdktf_provider_aws.subnet import Subnet
from cdktf_cdktf_provider_aws.vpc import Vpc
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.network.addresses import tiers
from modules.foundations.network.inspection import Inspection
from modules.foundations.network.settings import NetworkSettings
from modules.foundations.network.vpc_flow_logs import VpcFlowLogs
from modules.foundations.network.zones import LETTERS, zone_ids
from modules.observability.contract import LogArchiveContract

Tier = Literal["public", "attachment", "firewall"]
# In this order, so that a firewall which comes later moves no subnet.
TIERS: tuple[Tier, ...] = ("public", "attachment", "firewall")
ANYWHERE = "0.0.0.0/0"


class Egress(Construct):
    """A VPC with NAT gateways behind the Transit Gateway `transit_gateway_id`, inspected where the settings say so.

    What comes from the gateway goes to the firewall, from there to a NAT gateway, from there to the internet, and
    the answers go the same way back through the same zone, as firewall and NAT gateway know only their own flows.

    Guarantees:
    - nothing comes in: no address but those of the NAT gateways is public, and no subnet gives one out;
    - nothing goes around the firewall, where there is one, and its attachment keeps a flow in one zone;
    - the default security group is closed; all traffic is logged.

    Controls: NET-01, NET-03, NET-05 (FSBP EC2.2, EC2.6, EC2.15; NIST 800-53 SC-7).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: NetworkSettings,
        cidr: str,
        transit_gateway_id: str,
        logs: LogArchiveContract,
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._settings, self._transit_gateway_id = naming, settings, transit_gateway_id
        self._inspected = settings.inspection == "network-firewall"
        self._zones = zone_ids(self, settings.zones)
        # The zones with a NAT gateway, and with it a firewall's endpoint; the other zones use the first one's.
        self._exits = tuple(self._zones) if settings.nat_gateways == "each-zone" else LETTERS[:1]
        vpc = Vpc(
            self,
            "vpc",
            cidr_block=cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": naming.name("egress")},
        )
        self._vpc_id = vpc.id
        DefaultSecurityGroup(self, "default-security-group", vpc_id=self._vpc_id)
        VpcFlowLogs(self, "flow-logs", vpc_id=self._vpc_id, logs=logs)
        blocks = tiers(cidr, TIERS, settings.zones)
        public = self._subnets("public", blocks, self._exits)
        attached = self._subnets("attachment", blocks, tuple(self._zones))
        guarded = self._subnets("firewall", blocks, self._exits) if self._inspected else {}
        attachment = Ec2TransitGatewayVpcAttachment(
            self,
            "attachment",
            transit_gateway_id=transit_gateway_id,
            vpc_id=self._vpc_id,
            subnet_ids=[subnet.id for subnet in attached.values()],
            appliance_mode_support="enable" if self._inspected else "disable",
            dns_support="enable",
            transit_gateway_default_route_table_association=False,
            transit_gateway_default_route_table_propagation=False,
            tags={"Name": naming.name("egress")},
        )
        self.attachment_id = attachment.id
        self._routes(public, attached, guarded, attachment)

    def _subnets(self, tier: Tier, blocks: Mapping[str, tuple[str, ...]], zones: tuple[str, ...]) -> dict[str, Subnet]:
        return {
            zone: Subnet(
                self,
                f"{tier}-{zone}",
                vpc_id=self._vpc_id,
                cidr_block=blocks[tier][LETTERS.index(zone)],
                availability_zone_id=self._zones[zone],
                map_public_ip_on_launch=False,
                lifecycle=TerraformResourceLifecycle(ignore_changes=["availability_zone_id"]),  # see zone_ids
                tags={"Name": self._naming.name(f"egress-{tier}-{zone}")},
            )
            for zone in zones
        }

    def _routes(
        self,
        public: Mapping[str, Subnet],
        attached: Mapping[str, Subnet],
        guarded: Mapping[str, Subnet],
        attachment: Ec2TransitGatewayVpcAttachment,
    ) -> None:
        internet = InternetGateway(self, "internet", vpc_id=self._vpc_id, tags={"Name": self._naming.name("egress")})
        nats = {zone: self._nat(zone, subnet, internet) for zone, subnet in public.items()}
        firewall = self._firewall(guarded) if self._inspected else None
        for zone, subnet in public.items():
            table = self._table("public", zone, subnet)
            Route(
                self,
                f"public-{zone}-out",
                route_table_id=table,
                destination_cidr_block=ANYWHERE,
                gateway_id=internet.id,
            )
            self._back(f"public-{zone}-back", table, attachment, firewall.endpoint_id(zone) if firewall else None)
        for zone, subnet in guarded.items():
            table = self._table("firewall", zone, subnet)
            Route(
                self,
                f"firewall-{zone}-out",
                route_table_id=table,
                destination_cidr_block=ANYWHERE,
                nat_gateway_id=nats[zone].id,
            )
            self._back(f"firewall-{zone}-back", table, attachment, None)
        for zone, subnet in attached.items():
            way_out = zone if zone in self._exits else self._exits[0]
            Route(
                self,
                f"attachment-{zone}-out",
                route_table_id=self._table("attachment", zone, subnet),
                destination_cidr_block=ANYWHERE,
                vpc_endpoint_id=firewall.endpoint_id(way_out) if firewall else None,
                nat_gateway_id=None if firewall else nats[way_out].id,
            )

    def _back(self, id_: str, table: str, attachment: Ec2TransitGatewayVpcAttachment, endpoint_id: str | None) -> None:
        """The route to the organisation's networks: by the firewall's endpoint, or straight to the gateway."""
        Route(
            self,
            id_,
            route_table_id=table,
            destination_cidr_block=self._settings.supernet,
            vpc_endpoint_id=endpoint_id,
            transit_gateway_id=None if endpoint_id else self._transit_gateway_id,
            depends_on=[attachment],  # AWS takes no route to a gateway that the VPC is not attached to
        )

    def _firewall(self, guarded: Mapping[str, Subnet]) -> Inspection:
        return Inspection(
            self,
            "inspection",
            naming=self._naming,
            settings=self._settings,
            vpc_id=self._vpc_id,
            subnets=guarded,
        )

    def _nat(self, zone: str, subnet: Subnet, internet: InternetGateway) -> NatGateway:
        name = {"Name": self._naming.name(f"egress-{zone}")}
        address = Eip(self, f"address-{zone}", domain="vpc", tags=name)
        return NatGateway(
            self,
            f"nat-{zone}",
            subnet_id=subnet.id,
            allocation_id=address.id,
            connectivity_type="public",
            tags=name,
            depends_on=[internet],
        )

    def _table(self, tier: Tier, zone: str, subnet: Subnet) -> str:
        name = {"Name": self._naming.name(f"egress-{tier}-{zone}")}
        table = RouteTable(self, f"{tier}-{zone}-table", vpc_id=self._vpc_id, tags=name)
        RouteTableAssociation(self, f"{tier}-{zone}-routes", subnet_id=subnet.id, route_table_id=table.id)
        return table.id
