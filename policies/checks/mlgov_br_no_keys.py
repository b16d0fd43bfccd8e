"""Nobody has a long-term key of Bedrock."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import never


class BrNoKeys(PlatformCheck):
    """No service-specific credential is for Bedrock; one for a service that cannot be told might be."""

    policy = "CKV_MLGOV_202"
    title = "IAM user has no long-term key of Bedrock"
    control = "BR-02"
    resources = ("aws_iam_service_specific_credential",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(never(conf, "service_name", "bedrock.amazonaws.com"))


check = BrNoKeys()
