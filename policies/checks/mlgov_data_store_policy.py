"""Data stores let in nobody outside the organisation."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.iam import statements
from policies.perimeter import outsider, own_accounts

# Each holds its resource policy in `policy`; a store without one answers to its own account alone.
STORES = (
    "aws_backup_vault_policy",
    "aws_dynamodb_resource_policy",
    "aws_efs_file_system_policy",
    "aws_glue_resource_policy",
    "aws_s3_access_point",
    "aws_s3_bucket_policy",
    "aws_secretsmanager_secret",
    "aws_secretsmanager_secret_policy",
    "aws_sns_topic",
    "aws_sns_topic_policy",
    "aws_sqs_queue",
    "aws_sqs_queue_policy",
)


class DataStorePolicy(StackCheck):
    """Who is not of the stack's own account is admitted under a condition on the organisation alone.

    A principal is the stack's own when its account, as written, is one that the provider may touch.
    """

    policy = "CKV_MLGOV_212"
    title = "Resource policy of a data store admits nobody outside the organisation"
    control = "DATA-07"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources(*STORES)

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        if not subject.given("policy"):
            return NOT_APPLICABLE
        own = own_accounts(stack)
        return holds(*(outsider(statement, own) for statement in statements(subject, "policy")))


check = DataStorePolicy()
