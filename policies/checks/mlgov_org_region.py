"""Stacks work in approved regions."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import among
from policies.limits import limits


class OrgRegion(StackCheck):
    """Every AWS provider names its region, one of `limits.approved_regions`.

    Stacks of the environment `org` may work in `limits.global_region` too, where AWS keeps what has no region.
    """

    policy = "CKV_MLGOV_338"
    title = "AWS provider works in an approved region"
    control = "ORG-02"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.providers("aws")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        regions = limits().approved_regions
        if stack.environment == "org":
            regions = [*regions, limits().global_region]
        return holds(among(subject, "region", regions, absent="what the caller's environment says"))


check = OrgRegion()
