"""Networks reach each other only where a route says so."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal

DEFAULTS = ("default_route_table_association", "default_route_table_propagation")


class NetTransit(PlatformCheck):
    """The transit gateway has no default route table, which would join all networks that attach."""

    policy = "CKV_MLGOV_396"
    title = "Transit gateway joins no network by default"
    control = "NET-10"
    resources = ("aws_ec2_transit_gateway",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(*(equal(conf, name, "disable", absent="enable") for name in DEFAULTS))


check = NetTransit()
