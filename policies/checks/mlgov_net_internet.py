"""One stack alone opens a way out of the organisation's networks."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import PASSED, Judgement, StackCheck, failed
from policies.document import Conf, StackDocument
from policies.limits import limits

WAYS = (
    "aws_dx_gateway",
    "aws_ec2_carrier_gateway",
    "aws_egress_only_internet_gateway",
    "aws_eip",
    "aws_internet_gateway",
    "aws_internet_gateway_attachment",
    "aws_nat_gateway",
    "aws_vpc_peering_connection",
    "aws_vpc_peering_connection_accepter",
    "aws_vpn_gateway",
)


class NetInternet(StackCheck):
    """Gateways, public addresses and peerings stand in the stacks of `limits.egress_stacks` only (tag `Stack`).

    What leaves there passes the firewall. A private NAT gateway opens nothing and may stand anywhere.
    """

    policy = "CKV_MLGOV_380"
    title = "No gateway, public address or peering outside the stack of the egress network"
    control = "NET-01"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources(*WAYS)

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        if stack.tag("Stack") in limits().egress_stacks or subject.value("connectivity_type") == "private":
            return PASSED
        return failed(f"it opens a way past the egress network of {', '.join(limits().egress_stacks)}")


check = NetInternet()
