"""The management account alone decides about root users."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf, Unprovable, is_expression

FEATURES = ("RootCredentialsManagement", "RootSessions")


class IamRootFeatures(PlatformCheck):
    """Both features are on: members need no root credentials, and what only root can do is a short central session."""

    policy = "CKV_MLGOV_302"
    title = "Root users of member accounts are managed centrally"
    control = "IAM-03"
    resources = ("aws_iam_organizations_features",)

    def judge(self, conf: Conf) -> Judgement:
        enabled = conf.values("enabled_features")
        if unknown := [feature for feature in enabled if is_expression(feature)]:
            raise Unprovable("enabled_features", unknown[0])
        return holds(*(f"enabled_features lacks {feature}" for feature in FEATURES if feature not in enabled))


check = IamRootFeatures()
