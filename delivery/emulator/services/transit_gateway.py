"""Transit Gateways: seen by the accounts they are shared with, and only routed as they are told to be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.ec2.exceptions import EC2ClientError, InvalidTransitGatewayID
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.transit_gateway import TransitGateway
from moto.ec2.models.transit_gateway_attachments import TransitGatewayAttachment, TransitGatewayVpcAttachment
from moto.ec2.responses.transit_gateway_attachments import TransitGatewayAttachment as AttachmentResponse

from delivery.emulator.service import Service
from delivery.emulator.services.ram import is_shared_with

SERVICE = Service("ec2")
GONE = "deleted"


def _backends(region: str) -> Iterator[Any]:
    for regions in list(ec2_backends.values()):
        if region in regions:
            yield regions[region]


def _owner(backend: Any, gateway_id: str) -> Any:
    """The backend of the account that owns the gateway, when this account may see it; else AWS's own refusal."""
    for other in _backends(backend.region_name):
        gateway = other.transit_gateways.get(gateway_id)
        if gateway is None or gateway.ec2_backend is not other:
            continue
        if other is backend or is_shared_with(backend.account_id, gateway.arn):
            return other
    raise InvalidTransitGatewayID(gateway_id)


def living(backend: Any, gateway_id: str) -> list[Any]:
    """The attachments to the gateway that are not deleted."""
    attachments = backend.transit_gateway_attachments.values()
    return [each for each in attachments if each.transit_gateway_id == gateway_id and each.state != GONE]


@SERVICE.mend
def no_table_unasked() -> None:
    """A gateway without default association or propagation has no such table; moto names one that does not exist."""
    make = TransitGateway.__init__

    def __init__(self: Any, backend: Any, description: str | None, options: dict[str, str] | None = None) -> None:
        make(self, backend, description, options)
        used = [self.options[f"DefaultRouteTable{kind}"] == "enable" for kind in ("Association", "Propagation")]
        for kind, wanted in zip(("Association", "Propagation"), used, strict=True):
            if not wanted:
                del self.options[f"{kind}DefaultRouteTableId"]
        if not any(used):
            del backend.transit_gateways_route_tables[self.default_route_table.id]

    TransitGateway.__init__ = __init__


@SERVICE.mend
def shared_gateways_are_seen() -> None:
    """An account sees the gateways that are shared with it; one with attachments cannot be deleted."""
    describe, delete = EC2Backend.describe_transit_gateways, EC2Backend.delete_transit_gateway

    def describe_transit_gateways(self: Any, filters: Any, transit_gateway_ids: list[str] | None) -> list[Any]:
        others = (other for other in _backends(self.region_name) if other is not self)
        shared = {
            gateway.id: gateway
            for other in others
            for gateway in other.transit_gateways.values()
            if gateway.ec2_backend is other and is_shared_with(self.account_id, gateway.arn)
        }
        self.transit_gateways.update(shared)
        found: list[Any] = describe(self, filters, transit_gateway_ids)
        return [gateway for gateway in found if gateway.ec2_backend is self or gateway.id in shared]

    def delete_transit_gateway(self: Any, transit_gateway_id: str) -> Any:
        if _owner(self, transit_gateway_id) is not self:
            raise InvalidTransitGatewayID(transit_gateway_id)
        if living(self, transit_gateway_id):
            raise EC2ClientError("IncorrectState", f"{transit_gateway_id} has non-deleted VPC Attachments")
        return delete(self, transit_gateway_id)

    EC2Backend.describe_transit_gateways = describe_transit_gateways
    EC2Backend.delete_transit_gateway = delete_transit_gateway


@SERVICE.mend
def attachments_reach_across_accounts() -> None:
    """A VPC is attached to a gateway of its own account or to one shared with it, and the gateway's owner sees it.

    It has a route table only where the gateway has a default one. Tags are kept. AWS shows a deleted one for a while.
    """
    respond = AttachmentResponse.create_transit_gateway_vpc_attachment

    def create_transit_gateway_vpc_attachment(
        self: Any,
        transit_gateway_id: str,
        vpc_id: str,
        subnet_ids: list[str],
        tags: dict[str, str] | None = None,
        options: dict[str, str] | None = None,
    ) -> Any:
        owner = _owner(self, transit_gateway_id)
        gateway = owner.transit_gateways[transit_gateway_id]
        if any(each.resource_id == vpc_id for each in living(self, transit_gateway_id)):
            message = f"{transit_gateway_id} has non-deleted Transit Gateway Attachments with same VPC ID."
            raise EC2ClientError("DuplicateTransitGatewayAttachment", message)
        _judge_subnets(self, vpc_id, subnet_ids)
        attachment = TransitGatewayVpcAttachment(self, gateway, vpc_id, subnet_ids, tags, options)
        attachment.transit_gateway_route_table = None
        for backend in (self, owner):
            backend.transit_gateway_attachments[attachment.id] = attachment
        self.transit_gateways[gateway.id] = gateway
        if owner is not self and gateway.options["AutoAcceptSharedAttachments"] == "disable":
            attachment.state = "pendingAcceptance"
        elif table := gateway.options.get("AssociationDefaultRouteTableId"):
            owner.associate_transit_gateway_route_table(attachment.id, table)
        return attachment

    def delete_transit_gateway_vpc_attachment(self: Any, transit_gateway_attachment_id: str) -> Any:
        attachment = self.transit_gateway_attachments[transit_gateway_attachment_id]
        attachment.state = GONE
        for backend in _backends(self.region_name):
            backend.transit_gateway_associations.pop(attachment.id, None)
            for table in backend.transit_gateways_route_tables.values():
                table.route_table_associations.pop(attachment.id, None)
                forget(table, attachment.id)
        return attachment

    def create(self: Any) -> Any:
        parse = self._parse_tag_specification
        # moto reads the tags of an attachment under the name of a route table.
        self._parse_tag_specification = lambda: {
            "transit-gateway-route-table": parse().get("transit-gateway-attachment", {})
        }
        return respond(self)

    EC2Backend.create_transit_gateway_vpc_attachment = create_transit_gateway_vpc_attachment
    EC2Backend.delete_transit_gateway_vpc_attachment = delete_transit_gateway_vpc_attachment
    AttachmentResponse.create_transit_gateway_vpc_attachment = create


def _judge_subnets(backend: Any, vpc_id: str, subnet_ids: list[str]) -> None:
    backend.get_vpc(vpc_id)
    subnets = [backend.get_subnet(subnet_id) for subnet_id in subnet_ids]
    for subnet in subnets:
        if subnet.vpc_id != vpc_id:
            raise EC2ClientError("InvalidSubnetID.NotFound", f"The subnet ID '{subnet.id}' does not exist")
    if len({subnet.availability_zone for subnet in subnets}) != len(subnets):
        raise EC2ClientError("DuplicateSubnetsInSameZone", f"Duplicate Subnets for same AZ {subnet_ids}")


def forget(table: Any, attachment_id: str) -> None:
    """The attachment propagates to the table no longer."""
    kept = [each for each in table.route_table_propagation if each.transitGatewayAttachmentId != attachment_id]
    table.route_table_propagation = kept


@SERVICE.mend
def attachments_tell_their_gateway_and_table() -> None:
    """An attachment's gateway may belong to another account, and its table is the one it was associated with."""

    def owner(self: Any) -> str:
        gateway = self.ec2_backend.transit_gateways.get(self.transit_gateway_id)
        return str(gateway.owner_id if gateway else self.resource_owner_id)

    def association(self: Any) -> dict[str, str] | None:
        table = self._association_data.get("transitGatewayRouteTableId")
        return {"State": "associated", "TransitGatewayRouteTableId": table} if table else None

    TransitGatewayAttachment.transit_gateway_owner_id = property(owner)
    TransitGatewayAttachment.association = property(association)
