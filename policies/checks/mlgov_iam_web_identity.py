"""Roles for CI trust one audience and named subjects of an OIDC provider."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf, Unprovable, is_expression
from policies.iam import Condition, Statement, statements

WEB_IDENTITY = "sts:assumerolewithwebidentity"


class IamWebIdentity(PlatformCheck):
    """Every web-identity trust pins the token's `aud`, and a `sub` that names at least an owner."""

    policy = "CKV_MLGOV_9"
    title = "IAM role for web identities pins audience and subject"
    control = "IAM-06"
    resources = ("aws_iam_role",)

    def judge(self, conf: Conf) -> Judgement:
        trusts = [
            statement
            for statement in statements(conf, "assume_role_policy")
            if statement.allows and _federates(statement)
        ]
        return holds(*(_problem(trust) for trust in trusts)) if trusts else NOT_APPLICABLE


def _federates(statement: Statement) -> bool:
    return any(
        action in (WEB_IDENTITY, "*") or (action.startswith("sts:") and action.endswith("*"))
        for action in statement.actions
    ) and bool(statement.principals("Federated"))


def _problem(trust: Statement) -> str | None:
    audience = [test for test in trust.conditions if test.key.endswith(":aud") and test.operator == "stringequals"]
    subject = [test for test in trust.conditions if test.key.endswith(":sub")]
    missing = [
        name
        for name, pinned in (
            ("aud by StringEquals", any(test.values for test in audience)),
            ("sub up to its owner", any(_pins_owner(test) for test in subject)),
        )
        if not pinned
    ]
    return f"statement {trust.sid} does not pin {' and '.join(missing)}" if missing else None


def _pins_owner(test: Condition) -> bool:
    """No value of the test has a wildcard before the part that names the owner, as in `repo:owner/name:*`."""
    for value in test.values:
        if is_expression(value):
            raise Unprovable(f"condition {test.key}", value)
    wildcards = test.operator == "stringlike"
    return test.narrows and all("/" in value.split("*")[0] or not (wildcards and "*" in value) for value in test.values)


check = IamWebIdentity()
