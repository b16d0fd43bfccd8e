"""Security Hub is configured for all accounts in one place."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal


class OrgHubMembers(PlatformCheck):
    """Configuration is central, so that no account chooses its own standards; AWS's default leaves it to each."""

    policy = "CKV_MLGOV_346"
    title = "Security Hub is configured centrally"
    control = "ORG-07"
    resources = ("aws_securityhub_organization_configuration",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(equal(conf, "organization_configuration.configuration_type", "CENTRAL", absent="LOCAL"))


check = OrgHubMembers()
