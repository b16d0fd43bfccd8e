"""People are given actions and resources by name."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.iam import Statement, statements


class IamPersonRights(PlatformCheck):
    """No statement of a permission set allows all actions of a service on all resources without a condition."""

    policy = "CKV_MLGOV_304"
    title = "Permission set allows no whole service on every resource without a condition"
    control = "IAM-05"
    resources = ("aws_ssoadmin_permission_set_inline_policy",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(*(_problem(statement) for statement in statements(conf, "inline_policy")))


def _problem(statement: Statement) -> str | None:
    whole = [action for action in statement.actions if action == "*" or action.endswith(":*")]
    unbound = ("*" in statement.resources or "NotResource" in statement.body) and not statement.conditions
    if statement.allows and whole and unbound:
        return f"statement {statement.sid} allows {', '.join(whole)} on every resource without a condition"
    return None


check = IamPersonRights()
