"""Registered models are not lost with a line of code."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf


class SmRegistryKept(PlatformCheck):
    """Terraform refuses to destroy the group of model packages; left out, the record of every version goes with it."""

    policy = "CKV_MLGOV_146"
    title = "SageMaker model package group cannot be destroyed by Terraform"
    control = "SM-46"
    resources = ("aws_sagemaker_model_package_group",)

    def judge(self, conf: Conf) -> Judgement:
        kept = any(lifecycle.true("prevent_destroy") for lifecycle in conf.blocks("lifecycle"))
        return holds(None if kept else "lifecycle.prevent_destroy is not true")


check = SmRegistryKept()
