"""One place sees the configuration of all accounts."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal


class OrgAggregator(PlatformCheck):
    """The source is the organisation, in all regions: a list of accounts misses the next one."""

    policy = "CKV_MLGOV_342"
    title = "AWS Config aggregator covers the organisation in every region"
    control = "ORG-05"
    resources = ("aws_config_configuration_aggregator",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(equal(conf, "organization_aggregation_source.all_regions", True))


check = OrgAggregator()
