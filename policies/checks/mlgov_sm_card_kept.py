"""Model cards are not lost with a line of code."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.model_card import CARD


class SmCardKept(PlatformCheck):
    """Terraform refuses to destroy the card; with it goes who reviewed and approved each of its versions."""

    policy = "CKV_MLGOV_440"
    title = "SageMaker model card cannot be destroyed by Terraform"
    control = "SM-46"
    resources = ("aws_cloudcontrolapi_resource",)

    def judge(self, conf: Conf) -> Judgement:
        if conf.literal("type_name") != CARD:
            return NOT_APPLICABLE
        kept = any(lifecycle.true("prevent_destroy") for lifecycle in conf.blocks("lifecycle"))
        return holds(None if kept else "lifecycle.prevent_destroy is not true")


check = SmCardKept()
