"""Every role and user carries a permissions boundary."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import given


class IamBoundary(PlatformCheck):
    """A boundary is set; without one a role may do whatever its policies say, and whoever edits them decides that."""

    policy = "CKV_MLGOV_300"
    title = "IAM role or user has a permissions boundary"
    control = "IAM-01"
    resources = ("aws_iam_role", "aws_iam_user")

    def judge(self, conf: Conf) -> Judgement:
        return holds(given(conf, "permissions_boundary"))


check = IamBoundary()
