"""Routes of a network lead into the organisation's hub."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.limits import limits

PAST_THE_HUB = (
    "carrier_gateway_id",
    "egress_only_gateway_id",
    "gateway_id",
    "local_gateway_id",
    "nat_gateway_id",
    "network_interface_id",
    "vpc_peering_connection_id",
)


class NetRoute(StackCheck):
    """Outside `limits.egress_stacks` a route leads to the transit gateway or to an endpoint, nowhere else."""

    policy = "CKV_MLGOV_381"
    title = "No route past the organisation's network hub"
    control = "NET-01"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_route", "aws_route_table", "aws_default_route_table")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        if stack.tag("Stack") in limits().egress_stacks:
            return NOT_APPLICABLE
        inline = not subject.address.startswith("aws_route.")
        routes = subject.blocks("route") if inline else [subject]
        if not routes:
            return NOT_APPLICABLE
        return holds(
            *(
                f"a route leads to {attribute} {route.value(attribute)}"
                for route in routes
                for attribute in PAST_THE_HUB
                if route.given(attribute) and route.value(attribute) != "local"
            )
        )


check = NetRoute()
