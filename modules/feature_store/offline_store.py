"""Where the histories of feature groups lie, and the database through which they are read."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.glue_catalog_database import GlueCatalogDatabase
from cdktf_cdktf_provider_aws.lakeformation_resource import LakeformationResource
from cdktf_cdktf_provider_aws.lakeformation_resource_lf_tag import (
    LakeformationResourceLfTag,
    LakeformationResourceLfTagDatabase,
    LakeformationResourceLfTagLfTag,
)
from constructs import Construct

from modules.core.access_log_bucket import AccessLogBucket
from modules.core.bucket import Bucket, Retention
from modules.core.errors import ConfigError
from modules.core.iam import Statement, service
from modules.core.lf_tags import DOMAIN, LAYER
from modules.core.naming import Naming
from modules.core.role import Role
from modules.feature_store import names

PREFIX = "offline"
_NONCURRENT_DAYS = 90


class OfflineStore(Construct):
    """The bucket of a store's histories, registered with Lake Formation, and the database of their tables.

    `team`: whose store; None for the central one. Histories lie below `offline/`; what else lies in the bucket Lake
    Formation has no part in.

    Guarantees:
    - histories are encrypted under `key_arn`, versioned, never destroyed by Terraform, and do not expire;
    - Lake Formation reads and writes them as a role of its own, below `offline/` only, for this account only;
    - nobody is granted anything by default: the database is tagged, and grants go by tags.

    Controls: DATA-02, DATA-08, DATA-12, SM-50 (NIST 800-53 AC-3, AU-2, SC-28). Raises ConfigError without a key.
    https://docs.aws.amazon.com/lake-formation/latest/dg/registration-role.html
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, team: str | None, key_arn: str, boundary_arn: str
    ) -> None:
        super().__init__(scope, id_)
        if not key_arn:
            raise ConfigError(f"{self.node.path}: an offline store needs the ARN of a customer-managed key")
        self.key_arn, what = key_arn, names.store(team)
        bucket = Bucket(
            self,
            "bucket",
            naming=naming,
            what=what,
            key_arn=key_arn,
            retention=Retention(noncurrent_days=_NONCURRENT_DAYS),
            access_logs=AccessLogBucket(self, "access-logs", naming=naming, of=what).name,
        )
        self.bucket, self.bucket_arn, self.uri = bucket.name, bucket.arn, f"s3://{naming.bucket(what)}/{PREFIX}"
        role = Role(
            self,
            "location-role",
            naming=naming,
            what=names.location_role(team),
            description="Lake Formation reads and writes histories of features as this role",
            trust=[
                Statement(
                    "LakeFormation",
                    actions=("sts:AssumeRole",),
                    principals=service("lakeformation.amazonaws.com"),
                    conditions={"StringEquals": {"aws:SourceAccount": naming.account_id}},
                )
            ],
            boundary_arn=boundary_arn,
            statements=_use_histories(naming, bucket.arn, key_arn),
        )
        registered = LakeformationResource(
            self,
            "location",
            arn=f"arn:{naming.partition}:s3:::{bucket.name}/{PREFIX}",
            role_arn=role.arn,
            use_service_linked_role=False,
        )
        self.location = registered.arn  # a reference: who is granted the location waits for it, and for the bucket
        database = GlueCatalogDatabase(
            self,
            "database",
            name=names.database(team),
            description=f"Histories of the feature groups of {team or 'the central store'}",
        )
        self.database = database.name
        # In one account several teams may develop; in the central store, whose a table is stands on the table.
        self.tags = {LAYER: "features"} | ({DOMAIN: team} if team else {})
        for key, value in sorted(self.tags.items()):
            LakeformationResourceLfTag(
                self,
                f"tag-{key}",
                database=[LakeformationResourceLfTagDatabase(name=self.database)],
                lf_tag=[LakeformationResourceLfTagLfTag(key=key, value=value)],
            )


def _use_histories(naming: Naming, bucket_arn: str, key_arn: str) -> list[Statement]:
    return [
        Statement(
            "ListHistories",
            actions=("s3:ListBucket",),
            resources=(bucket_arn,),
            conditions={"StringLike": {"s3:prefix": (PREFIX, f"{PREFIX}/*")}},
        ),
        Statement(
            "UseHistories",
            actions=("s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
            resources=(f"{bucket_arn}/{PREFIX}/*",),
        ),
        Statement(
            "UseKey",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            resources=(key_arn,),
            conditions={"StringEquals": {"kms:ViaService": f"s3.{naming.region}.amazonaws.com"}},
        ),
    ]
