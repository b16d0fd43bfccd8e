"""Captured requests and answers are under a key of the organisation."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.key import customer_key


class SmCaptureKey(PlatformCheck):
    """A configuration that captures names a key for it; left out, AWS takes its own."""

    policy = "CKV_MLGOV_169"
    title = "SageMaker endpoint encrypts captured data under a customer-managed key"
    control = "SM-36"
    resources = ("aws_sagemaker_endpoint_configuration",)

    def judge(self, conf: Conf) -> Judgement:
        if not conf.blocks("data_capture_config"):
            return NOT_APPLICABLE
        return holds(customer_key(conf, "data_capture_config.kms_key_id"))


check = SmCaptureKey()
