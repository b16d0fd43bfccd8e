"""What Bedrock is asked and answers is kept, whole."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import never
from policies.sagemaker import ours

DELIVERED = ("embedding", "image", "text", "video")


class BrInvocationLog(PlatformCheck):
    """Invocations go to a bucket of the organisation, and no kind of data is left out; a log group can be deleted."""

    policy = "CKV_MLGOV_203"
    title = "Bedrock logs invocations to a bucket of the organisation"
    control = "BR-03"
    resources = ("aws_bedrock_model_invocation_logging_configuration",)

    def judge(self, conf: Conf) -> Judgement:
        buckets = [target.value("bucket_name") for target in conf.at("logging_config.s3_config")]
        path = "logging_config.s3_config.bucket_name"
        return holds(
            None if buckets else f"{path} is not set",
            *(ours(path, bucket, "aws_s3_bucket") for bucket in buckets),
            *(never(conf, f"logging_config.{kind}_data_delivery_enabled", False) for kind in DELIVERED),
        )


check = BrInvocationLog()
