"""AWS Config's history is encrypted under our key."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import given


class OrgConfigDelivery(PlatformCheck):
    """The key of the delivery is set; left out, objects get whatever the bucket's default is."""

    policy = "CKV_MLGOV_340"
    title = "AWS Config delivers its history under a customer-managed key"
    control = "ORG-05"
    resources = ("aws_config_delivery_channel",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(given(conf, "s3_bucket_name"), given(conf, "s3_kms_key_arn"))


check = OrgConfigDelivery()
