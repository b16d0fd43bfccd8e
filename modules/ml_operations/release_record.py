"""The table of what is live where, and what its readers and writers are allowed."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.dynamodb_table import (
    DynamodbTable,
    DynamodbTableAttribute,
    DynamodbTablePointInTimeRecovery,
    DynamodbTableServerSideEncryption,
)
from constructs import Construct

from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.ml_operations.names import RELEASE_KEY, RELEASES
from modules.ml_operations.releases import ACCOUNT, PROJECT

_READS = ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan")
_WRITES = ("dynamodb:PutItem",)


class ReleaseRecord(Construct):
    """The table `<organisation>-<environment>-model-releases`; `releases` says what its items are.

    `key_arn` is that of `ReleaseKey`: who reads or writes the table finds the key by its alias.

    Guarantees:
    - it is encrypted under `key_arn`;
    - every state of the last 35 days, which is as far as DynamoDB goes, can be had back;
    - neither Terraform nor DynamoDB deletes it.

    Controls: DATA-09, DATA-10 (FSBP DynamoDB.2, DynamoDB.6; NIST 800-53 CM-8, CP-9, SC-28).
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, key_arn: str) -> None:
        super().__init__(scope, id_)
        table = DynamodbTable(
            self,
            "table",
            name=naming.name(RELEASES),
            billing_mode="PAY_PER_REQUEST",
            hash_key=PROJECT,
            range_key=ACCOUNT,
            attribute=[DynamodbTableAttribute(name=name, type="S") for name in (ACCOUNT, PROJECT)],
            server_side_encryption=DynamodbTableServerSideEncryption(enabled=True, kms_key_arn=key_arn),
            point_in_time_recovery=DynamodbTablePointInTimeRecovery(enabled=True),
            deletion_protection_enabled=True,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        )
        self.name = table.name


def reads(naming: Naming, actions: Sequence[str] = _READS) -> tuple[Statement, ...]:
    """What a role of the account of `naming` needs to read the table, by `actions` alone."""
    return _uses(naming, "Read", actions, ("kms:Decrypt", "kms:DescribeKey"))


def writes(naming: Naming, actions: Sequence[str] = _WRITES) -> tuple[Statement, ...]:
    """What a role of the account of `naming` needs to put items into the table, beside `reads`."""
    return _uses(naming, "Write", actions, ("kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncrypt*"))


def _uses(naming: Naming, verb: str, actions: Sequence[str], key_actions: Sequence[str]) -> tuple[Statement, ...]:
    """DynamoDB uses the table's key as the caller.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    """
    return (
        Statement(
            f"{verb}Releases", actions=actions, resources=(naming.arn("dynamodb", f"table/{naming.name(RELEASES)}"),)
        ),
        Statement(  # by its alias: the ARN of the key is another stack's to know
            f"{verb}ReleasesKey",
            actions=key_actions,
            resources=(naming.arn("kms", "key/*"),),
            conditions={
                "StringEquals": {"kms:ViaService": f"dynamodb.{naming.region}.amazonaws.com"},
                "ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{naming.name(RELEASE_KEY)}"},
            },
        ),
    )
