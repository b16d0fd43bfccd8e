"""Macie is on and tells what it finds at once."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal, never


class DataMacieOn(PlatformCheck):
    """Macie is not paused and publishes at least hourly; left out, AWS takes ENABLED and fifteen minutes."""

    policy = "CKV_MLGOV_240"
    title = "Macie is enabled and publishes findings within the hour"
    control = "DATA-17"
    resources = ("aws_macie2_account", "aws_macie2_member")

    def judge(self, conf: Conf) -> Judgement:
        return holds(
            equal(conf, "status", "ENABLED") if conf.given("status") else None,
            never(conf, "finding_publishing_frequency", "SIX_HOURS"),
        )


check = DataMacieOn()
