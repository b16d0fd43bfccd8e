"""A role is passed to a named service, and only a role that is named."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.iam import Statement, statements

DOCUMENTS = {
    "aws_iam_group_policy": "policy",
    "aws_iam_policy": "policy",
    "aws_iam_role_policy": "policy",
    "aws_iam_user_policy": "policy",
    "aws_ssoadmin_permission_set_inline_policy": "inline_policy",
}
# A role, or a part of their names; not the wildcard for all of them.
NAMED = re.compile(r":role/(?:[^*?]*/)?[^*?/]")


class IamPassRole(PlatformCheck):
    """Whoever may pass roles may pass those of a name, to a service that iam:PassedToService names.

    Passing any role is having its rights: the service then acts with them on behalf of whoever passed it.
    """

    policy = "CKV_MLGOV_310"
    title = "iam:PassRole is bound to named roles and services"
    control = "IAM-08"
    resources = tuple(DOCUMENTS)

    def judge(self, conf: Conf) -> Judgement:
        attribute = next((name for name in sorted(set(DOCUMENTS.values())) if conf.given(name)), "policy")
        passing = [statement for statement in statements(conf, attribute) if _passes(statement)]
        return holds(*(_problem(statement) for statement in passing)) if passing else NOT_APPLICABLE


def _passes(statement: Statement) -> bool:
    return statement.allows and any(fnmatchcase("iam:passrole", action) for action in statement.actions)


def _problem(statement: Statement) -> str | None:
    open_ends = [
        text
        for text, bound in (
            ("any role", bool(statement.resources) and all(NAMED.search(role) for role in statement.resources)),
            ("any service", statement.narrowed_by("iam:passedtoservice")),
        )
        if not bound
    ]
    return f"statement {statement.sid} lets pass {' to '.join(open_ends)}" if open_ends else None


check = IamPassRole()
