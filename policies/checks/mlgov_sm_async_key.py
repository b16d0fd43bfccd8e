"""Answers of an asynchronous endpoint are under a key of the organisation."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.key import customer_key


class SmAsyncKey(PlatformCheck):
    """The output of asynchronous inference names a key; left out, AWS takes its own."""

    policy = "CKV_MLGOV_140"
    title = "SageMaker asynchronous inference encrypts output under a customer-managed key"
    control = "SM-40"
    resources = ("aws_sagemaker_endpoint_configuration",)

    def judge(self, conf: Conf) -> Judgement:
        if not conf.blocks("async_inference_config"):
            return NOT_APPLICABLE
        return holds(customer_key(conf, "async_inference_config.output_config.kms_key_id"))


check = SmAsyncKey()
