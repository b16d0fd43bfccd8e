"""What an MLflow server keeps lies in a bucket of the organisation."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.sagemaker import in_bucket_of_ours


class SmMlflowBucket(PlatformCheck):
    """The artifact store is a bucket of this stack, or one with a name of ours."""

    policy = "CKV_MLGOV_177"
    title = "SageMaker MLflow server keeps artifacts in a bucket of the organisation"
    control = "SM-55"
    resources = ("aws_sagemaker_mlflow_tracking_server",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(in_bucket_of_ours(conf, "artifact_store_uri"))


check = SmMlflowBucket()
