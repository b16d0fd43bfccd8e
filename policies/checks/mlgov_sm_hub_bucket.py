"""What the curated hub offers lies in a bucket of the organisation."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.sagemaker import in_bucket_of_ours


class SmHubBucket(PlatformCheck):
    """The hub names a bucket of ours; left out, AWS chooses the bucket."""

    policy = "CKV_MLGOV_176"
    title = "SageMaker hub keeps its content in a bucket of the organisation"
    control = "SM-54"
    resources = ("aws_sagemaker_hub",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(in_bucket_of_ours(conf, "s3_storage_config.s3_output_path"))


check = SmHubBucket()
