"""No network is excluded from VPC Block Public Access but the egress network."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import equal
from policies.limits import limits


class NetPublicExclusion(StackCheck):
    """An exclusion stands in a stack of `limits.egress_stacks`, and lets out only, never in."""

    policy = "CKV_MLGOV_383"
    title = "Exclusion from VPC Block Public Access is the egress network's, for egress only"
    control = "NET-02"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_vpc_block_public_access_exclusion")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        outside = stack.tag("Stack") not in limits().egress_stacks
        return holds(
            "the stack is not the egress network's" if outside else None,
            equal(subject, "internet_gateway_exclusion_mode", "allow-egress"),
        )


check = NetPublicExclusion()
