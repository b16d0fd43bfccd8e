"""GuardDuty tells soon."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal, never


class OrgGuarddutyDetector(PlatformCheck):
    """The detector is not switched off, and updates its findings every 15 minutes."""

    policy = "CKV_MLGOV_343"
    title = "GuardDuty detector is on and publishes every 15 minutes"
    control = "ORG-06"
    resources = ("aws_guardduty_detector",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(
            never(conf, "enable", False),  # absent is on
            equal(conf, "finding_publishing_frequency", "FIFTEEN_MINUTES", absent="SIX_HOURS"),
        )


check = OrgGuarddutyDetector()
