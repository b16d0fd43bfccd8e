"""Products are offered within the organisation."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import among

WITHIN = ("ORGANIZATION", "ORGANIZATIONAL_UNIT", "ORGANIZATION_MEMBER_ACCOUNT")


class PlatPortfolioShare(PlatformCheck):
    """A portfolio is shared with the organisation, a unit or a member; type ACCOUNT may be any account of AWS's."""

    policy = "CKV_MLGOV_401"
    title = "Service Catalog portfolio is shared within the organisation only"
    control = "PLAT-05"
    resources = ("aws_servicecatalog_portfolio_share",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(among(conf, "type", WITHIN))


check = PlatPortfolioShare()
