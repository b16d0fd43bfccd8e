"""The organisation's trail sees every account and region, and its files can be trusted."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf

SWITCHES = ("is_organization_trail", "is_multi_region_trail", "enable_log_file_validation")


class LogTrail(PlatformCheck):
    """Every trail of the platform is the organisation's, multi-region, validated and under our key."""

    policy = "CKV_MLGOV_6"
    title = "CloudTrail covers organisation and regions, with validation and a customer-managed key"
    control = "LOG-01"
    resources = ("aws_cloudtrail",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(
            *(None if conf.true(switch) else f"{switch} is not true" for switch in SWITCHES),
            # Absent means on; only an explicit false stops the trail.
            "enable_logging is false" if conf.given("enable_logging") and not conf.true("enable_logging") else None,
            None if conf.given("kms_key_id") else "kms_key_id is not set",
        )


check = LogTrail()
