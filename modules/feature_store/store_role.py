"""The role as which SageMaker writes the histories of feature groups."""

from __future__ import annotations

from constructs import Construct

from modules.core.iam import Statement, service
from modules.core.naming import Naming
from modules.core.role import Role
from modules.feature_store import names
from modules.feature_store.offline_store import PREFIX, OfflineStore


class StoreRole(Construct):
    """What SageMaker needs to keep an offline store: objects below `offline/`, and the tables of its database.

    It reads no more than the metadata that Iceberg has it extend. `whole` is there when its policy is.

    Guarantees:
    - SageMaker alone assumes it, for this account;
    - it writes to no other place and updates no other table.

    Controls: IAM-01 (NIST 800-53 AC-6).
    https://docs.aws.amazon.com/sagemaker/latest/dg/security-iam-awsmanpol-feature-store.html
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, team: str | None, offline: OfflineStore, boundary_arn: str
    ) -> None:
        super().__init__(scope, id_)
        objects = f"{offline.bucket_arn}/{PREFIX}"
        tables = ("catalog", f"database/{names.database(team)}", f"table/{names.database(team)}/*")
        role = Role(
            self,
            "role",
            naming=naming,
            what=names.store(team),
            description="SageMaker writes the offline stores of feature groups as this role",
            trust=[
                Statement(
                    "SageMakerOfThisAccount",
                    actions=("sts:AssumeRole",),
                    principals=service("sagemaker.amazonaws.com"),
                    conditions={"StringEquals": {"aws:SourceAccount": naming.account_id}},
                )
            ],
            boundary_arn=boundary_arn,
            statements=[
                Statement("FindBucket", actions=("s3:GetBucketAcl",), resources=(offline.bucket_arn,)),
                # Iceberg's way to replace its pointers reads them; the account's buckets know no ACLs but the owner's.
                Statement("WriteHistories", actions=("s3:PutObject", "s3:PutObjectAcl"), resources=(f"{objects}/*",)),
                Statement("ReadMetadata", actions=("s3:GetObject",), resources=(f"{objects}/*/metadata/*",)),
                Statement(
                    "UpdateTables",
                    actions=("glue:GetTable", "glue:UpdateTable"),
                    resources=tuple(naming.arn("glue", what) for what in tables),
                ),
                Statement("UseKey", actions=("kms:Decrypt", "kms:GenerateDataKey"), resources=(offline.key_arn,)),
            ],
        )
        self.arn, self.whole = role.arn, role.whole
