"""Every user profile is some person's."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf


class SmProfileOwner(PlatformCheck):
    """The profile names the person in Identity Center, or in a tag OwnerTag of its own; AWS adds neither."""

    policy = "CKV_MLGOV_112"
    title = "SageMaker user profile says whose it is"
    control = "SM-12"
    resources = ("aws_sagemaker_user_profile",)

    def judge(self, conf: Conf) -> Judgement:
        tagged = any(tags.given("OwnerTag") for tags in conf.blocks("tags"))
        named = conf.given("single_sign_on_user_value") or tagged
        return holds(None if named else "neither single_sign_on_user_value nor the tag OwnerTag says whose it is")


check = SmProfileOwner()
