"""Access is given to groups."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import equal


class IamAssignment(PlatformCheck):
    """The principal is a group: who is in it is reviewed in one place, and leaves it with the job."""

    policy = "CKV_MLGOV_309"
    title = "Permission set is assigned to a group, never to a single person"
    control = "IAM-07"
    resources = ("aws_ssoadmin_account_assignment",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(equal(conf, "principal_type", "GROUP"))


check = IamAssignment()
