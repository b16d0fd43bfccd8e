"""Queues, topics and file systems refuse what does not come over TLS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policies.checks.base import PASSED, Judgement, StackCheck, failed
from policies.document import Conf, StackDocument
from policies.iam import Statement, statements

# What carries data, by the type that holds the policy; S3 has a policy of its own, CKV_MLGOV_1.
CARRIES: Mapping[str, frozenset[str]] = {
    "aws_efs_file_system_policy": frozenset({"elasticfilesystem:clientmount", "elasticfilesystem:clientwrite"}),
    "aws_sns_topic_policy": frozenset({"sns:publish"}),
    "aws_sqs_queue_policy": frozenset({"sqs:receivemessage", "sqs:sendmessage"}),
}


class DataStoreTls(StackCheck):
    """A statement denies everybody the actions that carry data, unless over TLS; without one, AWS takes both."""

    policy = "CKV_MLGOV_213"
    title = "Queue, topic or file system policy denies requests without TLS"
    control = "DATA-03"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources(*CARRIES)

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        carries = CARRIES[subject.address.partition(".")[0]]
        if any(_refuses(statement, carries) for statement in statements(subject, "policy")):
            return PASSED
        return failed(
            f"no statement denies {', '.join(sorted(carries))} to every principal"
            " under the sole condition Bool aws:SecureTransport = false"
        )


def _refuses(statement: Statement, carries: frozenset[str]) -> bool:
    condition = [(test.operator, test.key, test.values) for test in statement.conditions]
    service = next(iter(carries)).partition(":")[0]
    return (
        not statement.allows
        and condition == [("bool", "aws:securetransport", ("false",))]
        and not {"NotAction", "NotPrincipal", "NotResource"} & statement.body.keys()
        and "*" in statement.principals("AWS")
        and bool({"*", f"{service}:*"} & set(statement.actions) or carries <= set(statement.actions))
    )


check = DataStoreTls()
