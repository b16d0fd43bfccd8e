"""Security Hub judges by the standards that we answer to."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal
from policies.limits import limits


class OrgHubStandards(PlatformCheck):
    """A configuration policy leaves Security Hub on, with each standard of `limits.security_standards`.

    Those are foundational security and AI security best practices; AWS leaves the latter off by default.
    """

    policy = "CKV_MLGOV_345"
    title = "Security Hub judges by the foundational and the AI standard"
    control = "ORG-07"
    resources = ("aws_securityhub_configuration_policy",)

    def judge(self, conf: Conf) -> Judgement:
        inner = conf.blocks("configuration_policy")
        arns = [str(arn) for block in inner for arn in block.values("enabled_standard_arns")]
        return holds(
            equal(conf, "configuration_policy.service_enabled", True),
            *(
                f"enabled_standard_arns lacks {standard}"
                for standard in limits().security_standards
                if not any(f"/{standard}/" in arn for arn in arns)
            ),
        )


check = OrgHubStandards()
