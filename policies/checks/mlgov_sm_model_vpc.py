"""A model serves from subnets and security groups of ours."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import given


class SmModelVpc(PlatformCheck):
    """The model names both; left out, SageMaker hosts it in a network of AWS."""

    policy = "CKV_MLGOV_132"
    title = "SageMaker model is attached to the VPC"
    control = "SM-32"
    resources = ("aws_sagemaker_model",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(given(conf, "vpc_config.subnets"), given(conf, "vpc_config.security_group_ids"))


check = SmModelVpc()
