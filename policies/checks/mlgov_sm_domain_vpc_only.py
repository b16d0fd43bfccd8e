"""Studio has no way to the internet but the VPC's."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal


class SmDomainVpcOnly(PlatformCheck):
    """The domain is VpcOnly; left out, AWS gives Studio an internet access of its own."""

    policy = "CKV_MLGOV_100"
    title = "SageMaker domain reaches networks through the VPC alone"
    control = "SM-01"
    resources = ("aws_sagemaker_domain",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(equal(conf, "app_network_access_type", "VpcOnly", absent="PublicInternetOnly"))


check = SmDomainVpcOnly()
