"""Transit Gateways across accounts: a share decides who may attach, and tables keep what they are told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.delivery.emulator.conftest import REGION, Client

HUB, SPOKE, ARCHIVE = "666666666666", "777777777777", "888888888888"
OPTIONS = {
    "AutoAcceptSharedAttachments": "enable",
    "DefaultRouteTableAssociation": "disable",
    "DefaultRouteTablePropagation": "disable",
}


@dataclass(frozen=True)
class Place:
    """A gateway in one account, and a VPC in another."""

    hub: Any
    spoke: Any
    ram: Any
    gateway: dict[str, Any]
    vpc: str
    subnets: list[str]

    def share(self, principal: str = SPOKE) -> None:
        self.ram.create_resource_share(
            name="hub", principals=[principal], resourceArns=[self.gateway["TransitGatewayArn"]]
        )

    def attach(self, **more: Any) -> str:
        made = self.spoke.create_transit_gateway_vpc_attachment(
            TransitGatewayId=self.gateway["TransitGatewayId"], VpcId=self.vpc, SubnetIds=self.subnets, **more
        )
        return str(made["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"])

    def routes(self, table: str) -> list[dict[str, Any]]:
        every = [{"Name": "state", "Values": ["active", "blackhole"]}]
        found = self.hub.search_transit_gateway_routes(TransitGatewayRouteTableId=table, Filters=every)
        return list(found["Routes"])

    def table(self) -> str:
        made = self.hub.create_transit_gateway_route_table(TransitGatewayId=self.gateway["TransitGatewayId"])
        return str(made["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"])


@pytest.fixture(name="place")
def _place(client: Client) -> Iterator[Place]:
    hub, spoke, ram = client("ec2", HUB), client("ec2", SPOKE), client("ram", HUB)
    gateway = hub.create_transit_gateway(Options=OPTIONS)["TransitGateway"]
    vpc = spoke.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        spoke.create_subnet(VpcId=vpc, CidrBlock=f"10.20.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")
        for number, zone in enumerate("ab")
    ]
    yield Place(hub, spoke, ram, gateway, vpc, [subnet["Subnet"]["SubnetId"] for subnet in subnets])
    for share in ram.get_resource_shares(resourceOwner="SELF")["resourceShares"]:
        if share["status"] == "ACTIVE":
            ram.delete_resource_share(resourceShareArn=share["resourceShareArn"])


def _refused(code: str) -> Any:
    return pytest.raises(ClientError, match=code)


def test_a_gateway_that_is_not_shared_cannot_be_attached_to(place: Place) -> None:
    """Without a share, and with one for another account, the gateway does not exist for the spoke."""
    with _refused("InvalidTransitGatewayID.NotFound"):
        place.attach()
    place.share(ARCHIVE)
    with _refused("InvalidTransitGatewayID.NotFound"):
        place.attach()
    assert place.spoke.describe_transit_gateways()["TransitGateways"] == []


def test_the_owner_of_a_gateway_sees_the_attachments_of_others(place: Place) -> None:
    """A share lets the spoke see the gateway and attach; the hub sees the attachment; tags stay with it."""
    place.share()
    (seen,) = place.spoke.describe_transit_gateways()["TransitGateways"]
    assert (seen["OwnerId"], seen["State"]) == (HUB, "available")
    tags = [{"ResourceType": "transit-gateway-attachment", "Tags": [{"Key": "Name", "Value": "spoke"}]}]
    attachment = place.attach(TagSpecifications=tags)
    for account in (place.hub, place.spoke):
        (found,) = account.describe_transit_gateway_attachments(TransitGatewayAttachmentIds=[attachment])[
            "TransitGatewayAttachments"
        ]
        assert (found["State"], found["ResourceOwnerId"], found["TransitGatewayOwnerId"]) == ("available", SPOKE, HUB)
        assert "Association" not in found
    (own,) = place.spoke.describe_transit_gateway_vpc_attachments(TransitGatewayAttachmentIds=[attachment])[
        "TransitGatewayVpcAttachments"
    ]
    assert own["Tags"] == [{"Key": "Name", "Value": "spoke"}]
    with _refused("DuplicateTransitGatewayAttachment"):
        place.attach()


def test_a_gateway_without_default_tables_names_none(place: Place) -> None:
    """Its options have no ids of default route tables, and it has no table before one is made."""
    options = place.gateway["Options"]
    assert not {"AssociationDefaultRouteTableId", "PropagationDefaultRouteTableId"} & set(options)
    wanted = [{"Name": "transit-gateway-id", "Values": [place.gateway["TransitGatewayId"]]}]
    assert place.hub.describe_transit_gateway_route_tables(Filters=wanted)["TransitGatewayRouteTables"] == []


def test_an_attachment_has_one_table_and_is_known_to_many(place: Place) -> None:
    """A second association is refused; each of several propagations ends by itself; a used table stays."""
    place.share()
    attachment, tables = place.attach(), [place.table(), place.table()]
    first, second = ({"TransitGatewayAttachmentId": attachment, "TransitGatewayRouteTableId": it} for it in tables)
    place.hub.associate_transit_gateway_route_table(**first)
    with _refused("Resource.AlreadyAssociated"):
        place.hub.associate_transit_gateway_route_table(**second)
    with _refused("InvalidAssociation.NotFound"):
        place.hub.disassociate_transit_gateway_route_table(**second)
    with _refused("IncorrectState"):
        place.hub.delete_transit_gateway_route_table(TransitGatewayRouteTableId=tables[0])
    for each in (first, second):
        place.hub.enable_transit_gateway_route_table_propagation(**each)
    with _refused("TransitGatewayRouteTablePropagation.Duplicate"):
        place.hub.enable_transit_gateway_route_table_propagation(**first)

    def known(table: str) -> list[str]:
        found = place.hub.get_transit_gateway_route_table_propagations(TransitGatewayRouteTableId=table)
        return [each["TransitGatewayAttachmentId"] for each in found["TransitGatewayRouteTablePropagations"]]

    (route,) = place.routes(tables[0])
    assert (route["DestinationCidrBlock"], route["Type"]) == ("10.20.0.0/16", "propagated")
    place.hub.disable_transit_gateway_route_table_propagation(**first)
    assert [known(table) for table in tables] == [[], [attachment]]
    place.hub.disable_transit_gateway_route_table_propagation(**second)
    assert [known(table) for table in tables] == [[], []]
    with _refused("TransitGatewayRouteTablePropagation.NotFound"):
        place.hub.disable_transit_gateway_route_table_propagation(**second)


def test_a_static_route_leads_somewhere_or_nowhere_and_is_made_once(place: Place) -> None:
    """A blackhole has no attachment, any other route has one, and a second one for a destination is refused."""
    place.share()
    attachment, table = place.attach(), place.table()
    route = {"TransitGatewayRouteTableId": table, "DestinationCidrBlock": "10.0.0.0/8"}
    with _refused("InvalidParameterCombination"):
        place.hub.create_transit_gateway_route(**route)
    with _refused("InvalidParameterCombination"):
        place.hub.create_transit_gateway_route(**route, Blackhole=True, TransitGatewayAttachmentId=attachment)
    place.hub.create_transit_gateway_route(**route, Blackhole=True)
    (kept,) = place.routes(table)
    assert (kept["State"], kept["Type"]) == ("blackhole", "static")
    with _refused("RouteAlreadyExists"):
        place.hub.create_transit_gateway_route(**route, TransitGatewayAttachmentId=attachment)


def test_a_vpc_has_no_route_to_a_gateway_it_is_not_attached_to(place: Place) -> None:
    """The route is refused before the attachment, and after it is deleted."""
    place.share()
    table = place.spoke.create_route_table(VpcId=place.vpc)["RouteTable"]["RouteTableId"]
    route = {"RouteTableId": table, "TransitGatewayId": place.gateway["TransitGatewayId"]}
    with _refused("InvalidTransitGatewayID.NotFound"):
        place.spoke.create_route(**route, DestinationCidrBlock="10.0.0.0/8")
    attachment = place.attach()
    place.spoke.create_route(**route, DestinationCidrBlock="10.0.0.0/8")
    with _refused("IncorrectState"):
        place.hub.delete_transit_gateway(TransitGatewayId=place.gateway["TransitGatewayId"])
    gone = place.spoke.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=attachment)
    assert gone["TransitGatewayVpcAttachment"]["State"] == "deleted"
    with _refused("InvalidTransitGatewayID.NotFound"):
        place.spoke.create_route(**route, DestinationCidrBlock="172.16.0.0/12")
    place.hub.delete_transit_gateway(TransitGatewayId=place.gateway["TransitGatewayId"])


def test_subnets_of_an_attachment_lie_in_different_zones_of_its_vpc(place: Place) -> None:
    """Two subnets of a zone are refused, and so is one of another VPC."""
    place.share()
    other = place.spoke.create_vpc(CidrBlock="10.21.0.0/16")["Vpc"]["VpcId"]
    with _refused("DuplicateSubnetsInSameZone"):
        place.spoke.create_transit_gateway_vpc_attachment(
            TransitGatewayId=place.gateway["TransitGatewayId"], VpcId=place.vpc, SubnetIds=place.subnets[:1] * 2
        )
    with _refused("InvalidSubnetID.NotFound"):
        place.spoke.create_transit_gateway_vpc_attachment(
            TransitGatewayId=place.gateway["TransitGatewayId"], VpcId=other, SubnetIds=place.subnets
        )


def test_flow_logs_go_to_a_bucket_of_another_account_that_admits_them(place: Place, client: Client) -> None:
    """A bucket that does not exist and one that admits nobody are refused; format and partitions are kept."""
    s3 = client("s3", ARCHIVE)
    wanted = {
        "ResourceIds": [place.vpc],
        "ResourceType": "VPC",
        "TrafficType": "ALL",
        "LogDestinationType": "s3",
        "LogDestination": "arn:aws:s3:::flow-logs-of-all",
        "DestinationOptions": {"FileFormat": "parquet", "PerHourPartition": True, "HiveCompatiblePartitions": True},
    }
    (fault,) = place.spoke.create_flow_logs(**wanted)["Unsuccessful"]
    assert "does not exist" in fault["Error"]["Message"]
    s3.create_bucket(Bucket="flow-logs-of-all", CreateBucketConfiguration={"LocationConstraint": REGION})
    (fault,) = place.spoke.create_flow_logs(**wanted)["Unsuccessful"]
    assert "Access Denied for LogDestination" in fault["Error"]["Message"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "delivery.logs.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::flow-logs-of-all/AWSLogs/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    s3.put_bucket_policy(Bucket="flow-logs-of-all", Policy=json.dumps(policy))
    made = place.spoke.create_flow_logs(**wanted)["FlowLogIds"]
    (log,) = place.spoke.describe_flow_logs(FlowLogIds=made)["FlowLogs"]
    assert (log["LogDestination"], log["LogDestinationType"]) == (wanted["LogDestination"], "s3")
    assert log["DestinationOptions"] == wanted["DestinationOptions"]
