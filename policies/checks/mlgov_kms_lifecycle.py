"""Customer-managed keys cannot be lost in a hurry."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf

MINIMUM_WINDOW_DAYS = 14


class KmsLifecycle(PlatformCheck):
    """Deletion waits long enough to be noticed; that keys rotate is for CKV_MLGOV_217."""

    policy = "CKV_MLGOV_2"
    title = "KMS key waits at least 14 days before deletion"
    control = "DATA-10"
    resources = ("aws_kms_key",)

    def judge(self, conf: Conf) -> Judgement:
        window = conf.number("deletion_window_in_days")
        return holds(
            f"deletion_window_in_days is {window}, must be set and at least {MINIMUM_WINDOW_DAYS}"
            if window is None or window < MINIMUM_WINDOW_DAYS
            else None,
        )


check = KmsLifecycle()
