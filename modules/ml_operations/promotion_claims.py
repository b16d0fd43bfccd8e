"""Which version is being promoted: a table of claims."""

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
from modules.ml_operations.names import PROMOTIONS


class PromotionClaims(Construct):
    """The table `<organisation>-<environment>-model-promotions`: an item for each version that a run is at.

    Guarantees: encrypted under `key_arn`; what is over is deleted by DynamoDB itself; it outlives its lines.
    Controls: DATA-02, DATA-09 (FSBP DynamoDB.2; NIST 800-53 SC-28, CP-10).
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, key_arn: str) -> None:
        super().__init__(scope, id_)
        table = DynamodbTable(
            self,
            "table",
            name=naming.name(PROMOTIONS),
            billing_mode="PAY_PER_REQUEST",
            hash_key="source_version",
            attribute=[DynamodbTableAttribute(name="source_version", type="S")],
            ttl=DynamodbTableTtl(attribute_name="expires_at", enabled=True),
            server_side_encryption=DynamodbTableServerSideEncryption(enabled=True, kms_key_arn=key_arn),
            point_in_time_recovery=DynamodbTablePointInTimeRecovery(enabled=True),
            deletion_protection_enabled=True,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        )
        self.name = table.name  # a reference: who names the table waits for it
        self.statement = Statement(
            "ClaimVersions",
            actions=("dynamodb:DeleteItem", "dynamodb:PutItem"),
            resources=(naming.arn("dynamodb", f"table/{naming.name(PROMOTIONS)}"),),
        )
