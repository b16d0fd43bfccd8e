"""Customer-managed keys rotate and cannot be lost in a hurry."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf

MINIMUM_WINDOW_DAYS = 14


class KmsLifecycle(PlatformCheck):
    """Rotation is on where the key can rotate, and deletion waits long enough to be noticed."""

    policy = "CKV_MLGOV_2"
    title = "KMS key rotates and waits at least 14 days before deletion"
    control = "DATA-10"
    resources = ("aws_kms_key",)

    def judge(self, conf: Conf) -> Judgement:
        window = conf.number("deletion_window_in_days")
        return holds(
            "enable_key_rotation is not true" if _can_rotate(conf) and not conf.true("enable_key_rotation") else None,
            f"deletion_window_in_days is {window}, must be set and at least {MINIMUM_WINDOW_DAYS}"
            if window is None or window < MINIMUM_WINDOW_DAYS
            else None,
        )


def _can_rotate(conf: Conf) -> bool:
    """KMS rotates symmetric encryption keys only."""
    usage = conf.literal("key_usage") or "ENCRYPT_DECRYPT"
    spec = conf.literal("customer_master_key_spec") or "SYMMETRIC_DEFAULT"
    return (usage, spec) == ("ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT")


check = KmsLifecycle()
