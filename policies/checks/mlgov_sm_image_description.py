"""Whoever chooses an image of Studio can read what it is."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import given


class SmImageDescription(PlatformCheck):
    """The image has a description; left out, it is a name without a meaning."""

    policy = "CKV_MLGOV_162"
    title = "SageMaker image has a description"
    control = "SM-07"
    resources = ("aws_sagemaker_image",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(given(conf, "description"))


check = SmImageDescription()
