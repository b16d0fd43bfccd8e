"""A query is bounded by what it reads."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import never, within
from policies.limits import limits

GIGABYTE = 1_000_000_000


class CostQuery(PlatformCheck):
    """Athena ends a query of the workgroup that scans more, and clients cannot say otherwise; left out, none ends."""

    policy = "CKV_MLGOV_423"
    title = "Athena workgroup ends queries that scan too much"
    control = "COST-05"
    resources = ("aws_athena_workgroup",)

    def judge(self, conf: Conf) -> Judgement:
        most = limits().athena_scan_gb * GIGABYTE
        return holds(
            within(conf, "configuration.bytes_scanned_cutoff_per_query", 1, most, absent="no limit"),
            never(conf, "configuration.enforce_workgroup_configuration", False),
        )


check = CostQuery()
