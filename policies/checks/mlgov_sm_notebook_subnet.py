"""A notebook instance stands behind a security group of ours."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import given


class SmNotebookSubnet(PlatformCheck):
    """Subnet and security groups are named; left out, it stands in a VPC of AWS, or in the VPC's default group."""

    policy = "CKV_MLGOV_116"
    title = "SageMaker notebook instance names its subnet and security groups"
    control = "SM-16"
    resources = ("aws_sagemaker_notebook_instance",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(given(conf, "subnet_id"), given(conf, "security_groups"))


check = SmNotebookSubnet()
