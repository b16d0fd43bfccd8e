"""Regions are opened only where work may happen."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import among
from policies.limits import limits


class OrgAccountRegion(PlatformCheck):
    """An opt-in region that a stack enables is one of `limits.approved_regions`; one that it disables may be any."""

    policy = "CKV_MLGOV_337"
    title = "Account opts into approved regions only"
    control = "ORG-03"
    resources = ("aws_account_region",)

    def judge(self, conf: Conf) -> Judgement:
        if conf.given("enabled") and not conf.true("enabled"):
            return holds()
        return holds(among(conf, "region_name", limits().approved_regions))


check = OrgAccountRegion()
