"""The offline feature store is under a key of the organisation."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.key import customer_key


class SmOfflineKey(PlatformCheck):
    """A group with an offline store names a key for it; left out, AWS takes its own."""

    policy = "CKV_MLGOV_150"
    title = "SageMaker feature group encrypts its offline store under a customer-managed key"
    control = "SM-50"
    resources = ("aws_sagemaker_feature_group",)

    def judge(self, conf: Conf) -> Judgement:
        if not conf.blocks("offline_store_config"):
            return NOT_APPLICABLE
        return holds(customer_key(conf, "offline_store_config.s3_storage_config.kms_key_id"))


check = SmOfflineKey()
