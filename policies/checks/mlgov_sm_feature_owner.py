"""Features have an owner."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import given
from policies.limits import limits


class SmFeatureOwner(PlatformCheck):
    """The group itself says whose it is and how sensitive: the tags of a central store's stack name the platform."""

    policy = "CKV_MLGOV_421"
    title = "SageMaker feature group says whose it is and how sensitive"
    control = "SM-52"
    resources = ("aws_sagemaker_feature_group",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(*(given(conf, f"tags.{name}") for name in limits().feature_group_tags))


check = SmFeatureOwner()
