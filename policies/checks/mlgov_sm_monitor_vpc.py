"""A monitor runs in subnets and security groups of ours."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import given


class SmMonitorVpc(PlatformCheck):
    """The job names both; left out, SageMaker runs it in a network of AWS."""

    policy = "CKV_MLGOV_173"
    title = "SageMaker data-quality job is attached to the VPC"
    control = "SM-49"
    resources = ("aws_sagemaker_data_quality_job_definition",)

    def judge(self, conf: Conf) -> Judgement:
        path = "network_config.vpc_config"
        return holds(given(conf, f"{path}.subnets"), given(conf, f"{path}.security_group_ids"))


check = SmMonitorVpc()
