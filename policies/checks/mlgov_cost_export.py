"""Costs are told by hour and resource, once."""

from __future__ import annotations

from collections.abc import Iterator

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import Problem, equal

CUR = "COST_AND_USAGE_REPORT"


class CostExport(PlatformCheck):
    """A delivery takes the place of the one before, and CUR 2.0 names resources; FOCUS names them by itself."""

    policy = "CKV_MLGOV_470"
    title = "Export of costs names resources and counts each cost once"
    control = "COST-07"
    resources = ("aws_bcmdataexports_export",)

    def judge(self, conf: Conf) -> Judgement:
        overwrite = "export.destination_configurations.s3_destination.s3_output_configurations.overwrite"
        return holds(equal(conf, overwrite, "OVERWRITE_REPORT"), *_coarse(conf))


def _coarse(conf: Conf) -> Iterator[Problem]:
    for table in conf.at(f"export.data_query.table_configurations.{CUR}"):
        if str(table.literal("INCLUDE_RESOURCES")).upper() != "TRUE":  # checkov reads a truth value off the text
            yield f"{CUR} has no INCLUDE_RESOURCES = TRUE"
        if (hours := table.literal("TIME_GRANULARITY")) not in ("HOURLY", "DAILY"):
            yield f"{CUR} has a TIME_GRANULARITY of {hours}"


check = CostExport()
