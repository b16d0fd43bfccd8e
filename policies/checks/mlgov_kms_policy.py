"""Key policies are explicit and not public."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, failed, holds
from policies.document import Conf, StackDocument
from policies.expectation import Problem
from policies.iam import Statement, statements
from policies.perimeter import CALLERS, MEMBERS, SENDERS, outsider, own_accounts

# Conditions that tie a principal to an account, an organisation or a named caller.
OWNERS = ("kms:calleraccount", *MEMBERS, *CALLERS, *SENDERS)


class KmsPolicy(StackCheck):
    """The key has a policy, and no statement lets everyone use it, or an account that may be a stranger's."""

    policy = "CKV_MLGOV_3"
    title = "KMS key policy is explicit and opens the key to nobody unknown"
    control = "DATA-11"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_kms_external_key", "aws_kms_key", "aws_kms_key_policy", "aws_kms_replica_key")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        if not subject.given("policy"):
            return failed("policy is not set, so AWS's default policy applies")
        own = own_accounts(stack)
        return holds(*(_problem(statement, own) for statement in statements(subject, "policy")))


def _problem(statement: Statement, own: frozenset[str]) -> Problem:
    return None if statement.narrowed_by(*OWNERS) else outsider(statement, own)


check = KmsPolicy()
