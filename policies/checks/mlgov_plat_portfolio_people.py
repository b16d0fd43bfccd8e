"""A portfolio is opened to named identities."""

from __future__ import annotations

import re

from policies.checks.base import Judgement, PlatformCheck, failed, holds
from policies.document import Conf

# The role of a permission set: what Identity Center adds to the name is known to nobody before.
ASSIGNED = re.compile(r"AWSReservedSSO_[\w+=,.@-]+_\*")


class PlatPortfolioPeople(PlatformCheck):
    """The principal is one identity, or the role of one permission set in whatever account; never any role."""

    policy = "CKV_MLGOV_403"
    title = "Service Catalog portfolio is opened to named identities only"
    control = "PLAT-05"
    resources = ("aws_servicecatalog_principal_portfolio_association",)

    def judge(self, conf: Conf) -> Judgement:
        if not conf.given("principal_arn"):
            return failed("principal_arn is not set")
        arn = str(conf.value("principal_arn"))
        name = arn.rpartition("/")[2]
        named = ASSIGNED.fullmatch(name) or not set(name) & {"*", "?"}
        return holds(None if named else f"principal_arn is {arn}: more than one identity")


check = PlatPortfolioPeople()
