"""VPC Block Public Access is on."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import among

MODES = ("block-bidirectional", "block-ingress")


class NetPublicAccess(PlatformCheck):
    """Nothing comes in from the internet; out through the hub's NAT gateways it may go, as block-ingress allows."""

    policy = "CKV_MLGOV_382"
    title = "VPC Block Public Access blocks what comes from the internet"
    control = "NET-02"
    resources = ("aws_vpc_block_public_access_options",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(among(conf, "internet_gateway_block_mode", MODES))


check = NetPublicAccess()
