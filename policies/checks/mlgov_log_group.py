"""Log groups keep their events for a stated time, under our key."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf


class LogGroup(PlatformCheck):
    """Retention is explicit and the key is customer-managed. How long is the environment's setting."""

    policy = "CKV_MLGOV_7"
    title = "CloudWatch log group has an explicit retention and a customer-managed key"
    control = "LOG-03"
    resources = ("aws_cloudwatch_log_group",)

    def judge(self, conf: Conf) -> Judgement:
        retention = conf.number("retention_in_days")
        return holds(
            None if retention and retention > 0 else "retention_in_days is not set, so events are kept for ever",
            None if conf.given("kms_key_id") else "kms_key_id is not set",
        )


check = LogGroup()
