"""The Transit Gateway of one region: its route tables, what they drop, and with whom it is shared."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.ec2_transit_gateway import Ec2TransitGateway
from cdktf_cdktf_provider_aws.ec2_transit_gateway_route import Ec2TransitGatewayRoute
from cdktf_cdktf_provider_aws.ec2_transit_gateway_route_table import Ec2TransitGatewayRouteTable
from cdktf_cdktf_provider_aws.flow_log import FlowLog, FlowLogDestinationOptions
from cdktf_cdktf_provider_aws.ram_principal_association import RamPrincipalAssociation
from cdktf_cdktf_provider_aws.ram_resource_association import RamResourceAssociation
from cdktf_cdktf_provider_aws.ram_resource_share import RamResourceShare
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.network.reachability import EGRESS, Segment
from modules.observability.contract import TRANSIT_FLOWS, LogArchiveContract


class Transit(Construct):
    """A Transit Gateway with one route table for each of `segments`, shared with the organisation `share_with` (ARN).

    Guarantees:
    - an attachment has no route until one is made for it: no default association, no default propagation;
    - only accounts of the organisation can attach;
    - what a segment does not reach within the supernet is dropped, and does not leave by its default route;
    - every flow is logged.

    Controls: NET-01, NET-03 (NIST 800-53 SC-7, AC-4).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        segments: Sequence[Segment],
        supernet: str,
        share_with: str,
        logs: LogArchiveContract,
    ) -> None:
        super().__init__(scope, id_)
        gateway = Ec2TransitGateway(
            self,
            "gateway",
            description=f"{naming.organization} {naming.region}",
            # The share bounds who can ask; routes are given by the hub alone, so nobody needs to accept by hand.
            auto_accept_shared_attachments="enable",
            default_route_table_association="disable",
            default_route_table_propagation="disable",
            dns_support="enable",
            multicast_support="disable",
            vpn_ecmp_support="enable",
            tags={"Name": naming.name("hub")},
        )
        self.id = gateway.id
        self.table_ids: dict[str, str] = {segment: self._table(naming, segment, supernet) for segment in segments}
        self._share(naming, gateway.arn, share_with)
        FlowLog(
            self,
            "flow-logs",
            transit_gateway_id=self.id,
            log_destination_type="s3",
            log_destination=f"{logs.bucket_arn}/{TRANSIT_FLOWS}",
            max_aggregation_interval=60,  # AWS takes no other of a Transit Gateway; its default format has all fields
            destination_options=FlowLogDestinationOptions(
                file_format="parquet", hive_compatible_partitions=True, per_hour_partition=True
            ),
        )

    def _table(self, naming: Naming, segment: Segment, supernet: str) -> str:
        table = Ec2TransitGatewayRouteTable(
            self, f"table-{segment}", transit_gateway_id=self.id, tags={"Name": naming.name(f"hub-{segment}")}
        )
        if segment != EGRESS:  # which has no default route, so what it does not know ends there anyway
            # Else a packet for another environment would leave by the default route, and the egress VPC would send
            # it back to the gateway, with the egress table that knows that environment.
            Ec2TransitGatewayRoute(
                self,
                f"drop-{segment}",
                transit_gateway_route_table_id=table.id,
                destination_cidr_block=supernet,
                blackhole=True,
            )
        return table.id

    def _share(self, naming: Naming, arn: str, principal: str) -> None:
        share = RamResourceShare(self, "share", name=naming.name("transit-gateway"), allow_external_principals=False)
        RamResourceAssociation(self, "shared", resource_share_arn=share.arn, resource_arn=arn)
        RamPrincipalAssociation(self, "organization", resource_share_arn=share.arn, principal=principal)
