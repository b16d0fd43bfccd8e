"""What is done from Studio is known by the person who did it."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal


class SmDomainIdentity(PlatformCheck):
    """Sessions of the execution role carry the user profile as source identity; left out, CloudTrail names a role."""

    policy = "CKV_MLGOV_164"
    title = "SageMaker domain passes the user profile on as source identity"
    control = "SM-02"
    resources = ("aws_sagemaker_domain",)

    def judge(self, conf: Conf) -> Judgement:
        path = "domain_settings.execution_role_identity_config"
        return holds(equal(conf, path, "USER_PROFILE_NAME", absent="DISABLED"))


check = SmDomainIdentity()
