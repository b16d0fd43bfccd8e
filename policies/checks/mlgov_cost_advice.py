"""AWS's advice on what is too large reaches every account."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal


class CostAdvice(PlatformCheck):
    """The enrolment is of all accounts: AWS's default is the management account alone, in which nothing runs."""

    policy = "CKV_MLGOV_477"
    title = "Advice on unused and oversized resources covers all accounts"
    control = "COST-10"
    resources = ("aws_computeoptimizer_enrollment_status", "aws_costoptimizationhub_enrollment_status")

    def judge(self, conf: Conf) -> Judgement:
        # The status of the hub is AWS's to tell, and unknown before it is enrolled.
        left = "status is Inactive" if conf.literal("status") == "Inactive" else None
        return holds(equal(conf, "include_member_accounts", True), left)


check = CostAdvice()
