"""Studio knows which person works in it."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal


class SmDomainAuth(PlatformCheck):
    """The domain signs people in through Identity Center; an IAM session names a role, not a person."""

    policy = "CKV_MLGOV_102"
    title = "SageMaker domain signs in through IAM Identity Center"
    control = "SM-02"
    resources = ("aws_sagemaker_domain",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(equal(conf, "auth_mode", "SSO"))


check = SmDomainAuth()
