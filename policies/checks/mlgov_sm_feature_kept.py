"""Features are not lost with a line of code."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf


class SmFeatureKept(PlatformCheck):
    """Terraform refuses to destroy the feature group. Most edits of one replace it, with every record of it."""

    policy = "CKV_MLGOV_420"
    title = "SageMaker feature group cannot be destroyed by Terraform"
    control = "SM-57"
    resources = ("aws_sagemaker_feature_group",)

    def judge(self, conf: Conf) -> Judgement:
        kept = any(lifecycle.true("prevent_destroy") for lifecycle in conf.blocks("lifecycle"))
        return holds(None if kept else "lifecycle.prevent_destroy is not true")


check = SmFeatureKept()
