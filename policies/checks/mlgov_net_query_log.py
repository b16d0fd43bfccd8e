"""Every network's DNS queries are logged."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import PASSED, Judgement, StackCheck, failed
from policies.document import Conf, StackDocument
from policies.relation import naming


class NetQueryLog(StackCheck):
    """The VPC is associated with a query log in its stack. Data leaves by DNS where everything else is closed."""

    policy = "CKV_MLGOV_392"
    title = "VPC has its DNS queries logged"
    control = "NET-09"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_vpc")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        if any(naming(stack, subject, "id", "resource_id", "aws_route53_resolver_query_log_config_association")):
            return PASSED
        return failed("no aws_route53_resolver_query_log_config_association of this stack refers to the VPC")


check = NetQueryLog()
