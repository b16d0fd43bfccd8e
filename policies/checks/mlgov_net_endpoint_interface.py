"""An interface endpoint answers to whom a security group lets in."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import given


class NetEndpointInterface(PlatformCheck):
    """It has subnets, and security groups of its own: left out, AWS takes the default group of the VPC."""

    policy = "CKV_MLGOV_386"
    title = "Interface endpoint has subnets and security groups of its own"
    control = "NET-04"
    resources = ("aws_vpc_endpoint",)

    def judge(self, conf: Conf) -> Judgement:
        if conf.literal("vpc_endpoint_type") != "Interface":
            return NOT_APPLICABLE
        return holds(given(conf, "security_group_ids"), given(conf, "subnet_ids"))


check = NetEndpointInterface()
