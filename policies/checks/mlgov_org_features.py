"""The organisation can carry guardrails."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf, Unprovable, is_expression
from policies.expectation import equal

TYPES = ("AISERVICES_OPT_OUT_POLICY", "RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY", "TAG_POLICY")


class OrgFeatures(PlatformCheck):
    """All features are on (with consolidated billing alone no policy holds), and so are the types that we rely on."""

    policy = "CKV_MLGOV_332"
    title = "Organisation has all features and the policy types of its guardrails"
    control = "ORG-13"
    resources = ("aws_organizations_organization",)

    def judge(self, conf: Conf) -> Judgement:
        enabled = conf.values("enabled_policy_types")
        if unknown := [kind for kind in enabled if is_expression(kind)]:
            raise Unprovable("enabled_policy_types", unknown[0])
        return holds(
            equal(conf, "feature_set", "ALL") if conf.given("feature_set") else None,  # AWS's default is ALL
            *(f"enabled_policy_types lacks {kind}" for kind in TYPES if kind not in enabled),
        )


check = OrgFeatures()
