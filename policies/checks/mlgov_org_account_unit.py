"""Every account stands in a unit."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, failed, holds
from policies.document import Conf

UNIT = ("ou-", "${aws_organizations_organizational_unit.")


class OrgAccountUnit(PlatformCheck):
    """The parent is a unit: left out, AWS puts the account into the root, under no level of guardrails."""

    policy = "CKV_MLGOV_336"
    title = "Organisation account stands in an organisational unit"
    control = "ORG-12"
    resources = ("aws_organizations_account",)

    def judge(self, conf: Conf) -> Judgement:
        if not conf.given("parent_id"):
            return failed("parent_id is not set, and AWS takes the root")
        parent = str(conf.value("parent_id"))
        known = parent.startswith(UNIT)
        return holds(None if known else f"parent_id is {parent}: not known to be an organisational unit")


check = OrgAccountUnit()
