"""Builds run in the VPC."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import given


class CicdBuildVpc(PlatformCheck):
    """The project names VPC, subnets and security groups; without them builds run in a network with open egress."""

    policy = "CKV_MLGOV_255"
    title = "CodeBuild project runs in a VPC"
    control = "CICD-04"
    resources = ("aws_codebuild_project",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(*(given(conf, f"vpc_config.{name}") for name in ("vpc_id", "subnets", "security_group_ids")))


check = CicdBuildVpc()
