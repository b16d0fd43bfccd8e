"""AWS Config's history is kept as long as evidence is."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import within
from policies.limits import limits


class OrgConfigRetention(PlatformCheck):
    """Configuration items are kept for `limits.evidence_days` at least."""

    policy = "CKV_MLGOV_341"
    title = "AWS Config keeps its history as long as evidence must be kept"
    control = "ORG-05"
    resources = ("aws_config_retention_configuration",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(within(conf, "retention_period_in_days", low=limits().evidence_days))


check = OrgConfigRetention()
