"""The online feature store is under a key of the organisation."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.key import customer_key


class SmOnlineKey(PlatformCheck):
    """A group with an online store names a key for it; left out, AWS takes its own."""

    policy = "CKV_MLGOV_151"
    title = "SageMaker feature group encrypts its online store under a customer-managed key"
    control = "SM-51"
    resources = ("aws_sagemaker_feature_group",)

    def judge(self, conf: Conf) -> Judgement:
        if not any(store.true("enable_online_store") for store in conf.blocks("online_store_config")):
            return NOT_APPLICABLE
        return holds(customer_key(conf, "online_store_config.security_config.kms_key_id"))


check = SmOnlineKey()
