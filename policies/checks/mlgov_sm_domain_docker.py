"""Nobody runs containers of their own inside Studio."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import never


class SmDomainDocker(PlatformCheck):
    """Docker access is not ENABLED; left out, AWS keeps it off."""

    policy = "CKV_MLGOV_105"
    title = "SageMaker domain gives Studio no Docker access"
    control = "SM-05"
    resources = ("aws_sagemaker_domain",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(never(conf, "domain_settings.docker_settings.enable_docker_access", "ENABLED"))


check = SmDomainDocker()
