"""Registered locations are under Lake Formation for everybody."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import never


class DataLakeHybrid(PlatformCheck):
    """Hybrid access, under which IAM policies still open the data to who has not opted in, is off; left out, it is."""

    policy = "CKV_MLGOV_225"
    title = "Lake Formation location is not in hybrid access mode"
    control = "DATA-12"
    resources = ("aws_lakeformation_resource",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(never(conf, "hybrid_access_enabled", True))


check = DataLakeHybrid()
