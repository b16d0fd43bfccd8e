"""Keys of ours rotate once a year or more often."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal, within
from policies.limits import limits


class DataKeyRotation(PlatformCheck):
    """Rotation is on where KMS can do it, at the period of limits.yaml or a shorter one; by default it is off."""

    policy = "CKV_MLGOV_217"
    title = "KMS key rotates by itself, often enough"
    control = "DATA-09"
    resources = ("aws_kms_key",)

    def judge(self, conf: Conf) -> Judgement:
        if not _can_rotate(conf):
            return NOT_APPLICABLE
        period = "rotation_period_in_days"
        return holds(
            equal(conf, "enable_key_rotation", True, absent="false"),
            within(conf, period, high=limits().rotation_days) if conf.given(period) else None,
        )


def _can_rotate(conf: Conf) -> bool:
    """KMS rotates symmetric encryption keys whose material it made itself, in its own stores."""
    usage = conf.literal("key_usage") or "ENCRYPT_DECRYPT"
    spec = conf.literal("customer_master_key_spec") or "SYMMETRIC_DEFAULT"
    return (usage, spec) == ("ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT") and not conf.given("custom_key_store_id")


check = DataKeyRotation()
