"""The offline feature store lies in a bucket of the organisation."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.sagemaker import in_bucket_of_ours


class SmOfflineBucket(PlatformCheck):
    """The bucket is of this stack, or has a name of ours; features in another bucket are under its owner's policy."""

    policy = "CKV_MLGOV_174"
    title = "SageMaker feature group keeps its offline store in a bucket of the organisation"
    control = "SM-50"
    resources = ("aws_sagemaker_feature_group",)

    def judge(self, conf: Conf) -> Judgement:
        if not conf.blocks("offline_store_config"):
            return NOT_APPLICABLE
        return holds(in_bucket_of_ours(conf, "offline_store_config.s3_storage_config.s3_uri"))


check = SmOfflineBucket()
