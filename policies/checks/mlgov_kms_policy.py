"""Key policies are explicit and not public."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, failed, holds
from policies.document import Conf
from policies.iam import Statement, statements
from policies.perimeter import CALLERS, MEMBERS, SENDERS

# Conditions that tie an open principal to an account, an organisation or a named caller.
OWNERS = ("kms:calleraccount", *MEMBERS, *CALLERS, *SENDERS)


class KmsPolicy(PlatformCheck):
    """The key has a policy, and no statement lets everyone use it."""

    policy = "CKV_MLGOV_3"
    title = "KMS key policy is explicit and opens the key to nobody unknown"
    control = "DATA-11"
    resources = ("aws_kms_external_key", "aws_kms_key", "aws_kms_key_policy", "aws_kms_replica_key")

    def judge(self, conf: Conf) -> Judgement:
        if not conf.given("policy"):
            return failed("policy is not set, so AWS's default policy applies")
        return holds(*(_problem(statement) for statement in statements(conf, "policy")))


def _problem(statement: Statement) -> str | None:
    if statement.allows and "*" in statement.principals("AWS") and not statement.narrowed_by(*OWNERS):
        return f"statement {statement.sid} allows every principal without a condition on account or organisation"
    return None


check = KmsPolicy()
