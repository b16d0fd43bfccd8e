"""No security group is open to the internet."""

from __future__ import annotations

import re

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf, Unprovable, is_expression

SOURCES = ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6")
# A prefix shorter than that of the largest private network is the internet, or a part of it: two halves are the whole.
WIDE = re.compile(r"/[0-7]$")


class NetOpenIngress(PlatformCheck):
    """No rule lets anyone in, on any port; checkov's own policies ask for three ports only."""

    policy = "CKV_MLGOV_389"
    title = "No rule of a security group lets the internet in"
    control = "NET-06"
    resources = ("aws_security_group", "aws_security_group_rule", "aws_vpc_security_group_ingress_rule")

    def judge(self, conf: Conf) -> Judgement:
        if conf.literal("type") == "egress":
            return NOT_APPLICABLE
        inline = conf.blocks("ingress")
        sources = [source for rule in (conf, *inline) for name in SOURCES for source in rule.values(name)]
        if unknown := [source for source in sources if is_expression(source)]:
            raise Unprovable("the source of the rule", unknown[0])
        return holds(*(f"{source} is let in" for source in sources if WIDE.search(str(source))))


check = NetOpenIngress()
