"""Route tables of Transit Gateways: what is associated, what is propagated, and where a route leads."""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import EC2ClientError, InvalidTransitGatewayID
from moto.ec2.models import EC2Backend

from delivery.emulator.service import Service
from delivery.emulator.services.transit_gateway import GONE, forget, living

SERVICE = Service("ec2")


@SERVICE.mend
def tables_keep_what_they_are_told() -> None:
    """An attachment is associated with one table and propagates to many; moto remembers one of each."""
    associate = EC2Backend.associate_transit_gateway_route_table
    disassociate = EC2Backend.disassociate_transit_gateway_route_table
    propagate = EC2Backend.enable_transit_gateway_route_table_propagation
    delete = EC2Backend.delete_transit_gateway_route_table

    def judge(backend: Any, attachment_id: str, table_id: str) -> Any:
        if table_id not in backend.transit_gateways_route_tables:
            raise EC2ClientError("InvalidRouteTableID.NotFound", f"Transit Gateway Route Table {table_id} was deleted")
        attachment = backend.transit_gateway_attachments.get(attachment_id)
        if attachment is None or attachment.state == GONE:
            message = f"Transit Gateway Attachment {attachment_id} was deleted or does not exist."
            raise EC2ClientError("InvalidTransitGatewayAttachmentID.NotFound", message)
        if attachment.state != "available":
            raise EC2ClientError("IncorrectState", f"{attachment_id} is in invalid state")
        return backend.transit_gateways_route_tables[table_id]

    def associate_table(self: Any, transit_gateway_attachment_id: str, transit_gateway_route_table_id: str) -> Any:
        judge(self, transit_gateway_attachment_id, transit_gateway_route_table_id)
        if transit_gateway_attachment_id in self.transit_gateway_associations:
            message = (
                f"Transit Gateway Attachment {transit_gateway_attachment_id} is already associated to a route table."
            )
            raise EC2ClientError("Resource.AlreadyAssociated", message)
        return associate(self, transit_gateway_attachment_id, transit_gateway_route_table_id)

    def disassociate_table(self: Any, tgw_attach_id: str, tgw_rt_id: str) -> Any:
        known = self.transit_gateway_associations.get(tgw_attach_id)
        if known is None or known.transit_gateway_route_table_id != tgw_rt_id:
            raise EC2ClientError("InvalidAssociation.NotFound", f"{tgw_attach_id} is not associated with {tgw_rt_id}")
        return disassociate(self, tgw_attach_id, tgw_rt_id)

    def enable(self: Any, transit_gateway_attachment_id: str, transit_gateway_route_table_id: str) -> Any:
        table = judge(self, transit_gateway_attachment_id, transit_gateway_route_table_id)
        if transit_gateway_attachment_id in {each.transitGatewayAttachmentId for each in table.route_table_propagation}:
            message = f"Propagation is already enabled for {transit_gateway_attachment_id}"
            raise EC2ClientError("TransitGatewayRouteTablePropagation.Duplicate", message)
        return propagate(self, transit_gateway_attachment_id, transit_gateway_route_table_id)

    def disable(self: Any, transit_gateway_attachment_id: str, transit_gateway_route_table_id: str) -> Any:
        table = judge(self, transit_gateway_attachment_id, transit_gateway_route_table_id)
        if transit_gateway_attachment_id not in {
            each.transitGatewayAttachmentId for each in table.route_table_propagation
        }:
            message = f"{transit_gateway_attachment_id} does not propagate to {transit_gateway_route_table_id}"
            raise EC2ClientError("TransitGatewayRouteTablePropagation.NotFound", message)
        relation = self.transit_gateway_propagations[transit_gateway_attachment_id]
        forget(table, transit_gateway_attachment_id)
        return {
            "TransitGatewayAttachmentId": transit_gateway_attachment_id,
            "TransitGatewayRouteTableId": transit_gateway_route_table_id,
            "ResourceId": relation.resource_id,
            "ResourceType": relation.resource_type,
            "State": "disabled",
        }

    def delete_table(self: Any, transit_gateway_route_table_id: str) -> Any:
        table = self.transit_gateways_route_tables.get(transit_gateway_route_table_id)
        if table is not None and table.route_table_associations:
            raise EC2ClientError("IncorrectState", f"{transit_gateway_route_table_id} has associations")
        return delete(self, transit_gateway_route_table_id)

    EC2Backend.associate_transit_gateway_route_table = associate_table
    EC2Backend.disassociate_transit_gateway_route_table = disassociate_table
    EC2Backend.enable_transit_gateway_route_table_propagation = enable
    EC2Backend.disable_transit_gateway_route_table_propagation = disable
    EC2Backend.delete_transit_gateway_route_table = delete_table


@SERVICE.mend
def routes_lead_somewhere() -> None:
    """A static route leads to an attachment or to nothing, and is made once; a VPC leads to what it is attached to."""
    add, add_to_vpc = EC2Backend.create_transit_gateway_route, EC2Backend.create_route

    def create_transit_gateway_route(
        self: Any,
        transit_gateway_route_table_id: str,
        destination_cidr_block: str,
        transit_gateway_attachment_id: str | None = None,
        blackhole: bool = False,
    ) -> Any:
        if bool(transit_gateway_attachment_id) == bool(blackhole):
            raise EC2ClientError("InvalidParameterCombination", "a route has an attachment or is a blackhole")
        table = self.transit_gateways_route_tables[transit_gateway_route_table_id]
        if destination_cidr_block in table.routes:
            message = f"Route {destination_cidr_block} already exists in {transit_gateway_route_table_id}."
            raise EC2ClientError("RouteAlreadyExists", message)
        route = add(
            self, transit_gateway_route_table_id, destination_cidr_block, transit_gateway_attachment_id, blackhole
        )
        if isinstance(attachments := route.get("transitGatewayAttachments"), dict):
            route["transitGatewayAttachments"] = [attachments]
        return route

    def create_route(self: Any, route_table_id: str, *arguments: Any, **target: Any) -> Any:
        gateway_id = target.get("transit_gateway_id")
        vpc_id = self.get_route_table(route_table_id).vpc_id
        if gateway_id and all(each.resource_id != vpc_id for each in living(self, gateway_id)):
            raise InvalidTransitGatewayID(gateway_id, f"transitGateway {gateway_id} is not attached to {vpc_id}")
        return add_to_vpc(self, route_table_id, *arguments, **target)

    EC2Backend.create_transit_gateway_route = create_transit_gateway_route
    EC2Backend.create_route = create_route


@SERVICE.mend
def propagated_routes_are_listed() -> None:
    """A table knows the CIDRs of the VPCs that propagate to it; a static route for the same destination goes first."""
    search = EC2Backend.search_transit_gateway_routes

    def search_transit_gateway_routes(
        self: Any, transit_gateway_route_table_id: str, filters: Any, max_results: int | None = None
    ) -> Any:
        table = self.transit_gateways_route_tables.get(transit_gateway_route_table_id)
        if table is None:
            raise EC2ClientError("InvalidRouteTableID.NotFound", f"there is no {transit_gateway_route_table_id}")
        static = table.routes
        table.routes = {**_propagated(self, table), **static}
        try:
            return search(self, transit_gateway_route_table_id, filters, max_results)
        finally:
            table.routes = static

    EC2Backend.search_transit_gateway_routes = search_transit_gateway_routes


def _propagated(backend: Any, table: Any) -> dict[str, Any]:
    attachments = [
        backend.transit_gateway_attachments[each.transitGatewayAttachmentId] for each in table.route_table_propagation
    ]
    routes = {}
    for attachment in attachments:
        destination = attachment.ec2_backend.get_vpc(attachment.resource_id).cidr_block
        routes[destination] = {
            "destinationCidrBlock": destination,
            "state": "active",
            "type": "propagated",
            "transitGatewayAttachments": [
                {
                    "resourceId": attachment.resource_id,
                    "resourceType": attachment.resource_type,
                    "transitGatewayAttachmentId": attachment.id,
                }
            ],
        }
    return routes
