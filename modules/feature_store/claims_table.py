"""Which records have been written lately."""

from __future__ import annotations

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.dynamodb_table import (
    DynamodbTable,
    DynamodbTableAttribute,
    DynamodbTablePointInTimeRecovery,
    DynamodbTableServerSideEncryption,
    DynamodbTableTtl,
)
from constructs import Construct

from modules.core.iam import Statement
from modules.core.naming import Naming


class ClaimsTable(Construct):
    """The table `<organisation>-<environment>-feature-claims`: a hash for each record, and no value of any.

    Guarantees:
    - encrypted under `key_arn`; what is over is deleted by DynamoDB itself;
    - who may claim may do so below one prefix alone, and reads nothing.

    Controls: DATA-02, DATA-09 (FSBP DynamoDB.2; NIST 800-53 SC-28, CP-10).
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, key_arn: str) -> None:
        super().__init__(scope, id_)
        name = naming.name("feature-claims")
        self._arn = naming.arn("dynamodb", f"table/{name}")
        table = DynamodbTable(
            self,
            "table",
            name=name,
            billing_mode="PAY_PER_REQUEST",
            hash_key="claim",
            attribute=[DynamodbTableAttribute(name="claim", type="S")],
            ttl=DynamodbTableTtl(attribute_name="expires_at", enabled=True),
            server_side_encryption=DynamodbTableServerSideEncryption(enabled=True, kms_key_arn=key_arn),
            point_in_time_recovery=DynamodbTablePointInTimeRecovery(enabled=True),
            deletion_protection_enabled=True,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        )
        self.name = table.name

    def statement(self, prefix: str) -> Statement:
        """What lets a role claim what begins with `prefix`. A condition on all keys holds for none: there is one."""
        return Statement(
            "ClaimRecords",
            actions=("dynamodb:PutItem", "dynamodb:UpdateItem"),
            resources=(self._arn,),
            conditions={
                "ForAllValues:StringLike": {"dynamodb:LeadingKeys": f"{prefix}*"},
                "Null": {"dynamodb:LeadingKeys": "false"},
            },
        )
