"""A monitor through Cloud Control runs in subnets and security groups of ours."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import given
from policies.monitor_definition import definition_of


class SmDefinitionVpc(PlatformCheck):
    """The job names both; left out, SageMaker runs it in a network of AWS."""

    policy = "CKV_MLGOV_451"
    title = "SageMaker monitoring job through Cloud Control is attached to the VPC"
    control = "SM-49"
    resources = ("aws_cloudcontrolapi_resource",)

    def judge(self, conf: Conf) -> Judgement:
        found = definition_of(conf)
        if found is None:
            return NOT_APPLICABLE
        path = "NetworkConfig.VpcConfig"
        return holds(given(found[1], f"{path}.Subnets"), given(found[1], f"{path}.SecurityGroupIds"))


check = SmDefinitionVpc()
