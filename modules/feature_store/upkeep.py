"""Small files made into large ones, and old ones removed, in the tables of the offline store."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.glue_catalog_table_optimizer import (
    GlueCatalogTableOptimizer,
    GlueCatalogTableOptimizerConfiguration,
    GlueCatalogTableOptimizerConfigurationOrphanFileDeletionConfiguration,
    GlueCatalogTableOptimizerConfigurationOrphanFileDeletionConfigurationIcebergConfiguration,
    GlueCatalogTableOptimizerConfigurationRetentionConfiguration,
    GlueCatalogTableOptimizerConfigurationRetentionConfigurationIcebergConfiguration,
)
from cdktf_cdktf_provider_aws.lakeformation_permissions import (
    LakeformationPermissions,
    LakeformationPermissionsDataLocation,
    LakeformationPermissionsLfTagPolicy,
    LakeformationPermissionsLfTagPolicyExpression,
)
from constructs import Construct

from modules.core.iam import Statement, service
from modules.core.lf_tags import FEATURE_GROUP, LAYER
from modules.core.naming import Naming
from modules.core.role import Role
from modules.feature_store.contract import FeaturesContract
from modules.feature_store.names import OFFLINE_BUCKET
from modules.feature_store.offline_store import PREFIX
from modules.feature_store.settings import FeatureGroupSpec

# Snapshots are how a training set is read as it was; afterwards the rows themselves still say when each was written.
SNAPSHOT_DAYS, SNAPSHOTS_KEPT = 30, 5
# A file that no snapshot names may belong to a write that is not over yet: AWS's default.
ORPHAN_DAYS = 3
_KEEP = ("ALTER", "DELETE", "DESCRIBE", "INSERT", "SELECT")
_LOGS = ("compaction", "retention", "orphan-file-deletion")


class Upkeep(Construct):
    """Compaction, retention of snapshots and deletion of orphan files, by Glue, for each group with an offline store.

    Glue works as the role `<organisation>-<environment>-feature-upkeep`, through Lake Formation: it is granted the
    tables of these groups by LF-tag, and no bucket
    (https://docs.aws.amazon.com/glue/latest/dg/optimization-prerequisites.html).

    Guarantees:
    - every table of the offline store has all three optimisers;
    - the role serves Glue for this account alone, reaches the tables of these groups alone, and grants nothing on;
    - a snapshot is kept for 30 days, and the five latest always.

    Controls: IAM-05, DATA-12, DATA-13 (NIST 800-53 AC-6, SI-12).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        groups: Sequence[FeatureGroupSpec],
        features: FeaturesContract,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        offline = [spec.feature_group for spec in groups if spec.offline]
        if not offline:
            return
        tables = {group: (features.database_names[group], features.table_names[group]) for group in offline}
        role = Role(
            self,
            "role",
            naming=naming,
            what="feature-upkeep",
            description="Glue keeps up the tables of the offline feature store",
            trust=[
                Statement(
                    "GlueOfThisAccount",
                    actions=("sts:AssumeRole",),
                    principals=service("glue.amazonaws.com"),
                    conditions={"StringEquals": {"aws:SourceAccount": naming.account_id}},
                )
            ],
            boundary_arn=boundary_arn,
            statements=[
                # Lake Formation has no resource-level permissions for credentials: its grants say to what.
                Statement("ReachData", actions=("lakeformation:GetDataAccess",), resources=("*",)),
                Statement(
                    "ReachTables",
                    actions=("glue:GetTable", "glue:UpdateTable"),
                    resources=[
                        naming.arn("glue", "catalog"),
                        *dict.fromkeys(naming.arn("glue", f"database/{database}") for database, _ in tables.values()),
                        *(naming.arn("glue", f"table/{database}/{table}") for database, table in tables.values()),
                    ],
                ),
                Statement(
                    "WriteLogs",
                    actions=("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
                    resources=[naming.arn("logs", f"log-group:/aws-glue/iceberg-{what}/logs*") for what in _LOGS],
                ),
            ],
        )
        grants = [
            self._grant(self, "grant-database", role.arn, "DATABASE", (LAYER, "features"), ("DESCRIBE",)),
            LakeformationPermissions(  # who alters a table needs its location, too
                self,
                "grant-location",
                principal=role.arn,
                permissions=["DATA_LOCATION_ACCESS"],
                data_location=LakeformationPermissionsDataLocation(arn=f"{naming.bucket_arn(OFFLINE_BUCKET)}/{PREFIX}"),
            ),
        ]
        # Group by group: one expression names so many values and no more.
        granting = Construct(self, "grant-tables")
        for group, (database, table) in tables.items():
            own = self._grant(granting, group, role.arn, "TABLE", (FEATURE_GROUP, group), _KEEP)
            for kind, configuration in _optimizers(role.arn).items():
                GlueCatalogTableOptimizer(
                    self,
                    f"{group}-{kind.replace('_', '-')}",
                    catalog_id=naming.account_id,
                    database_name=database,
                    table_name=table,
                    type=kind,
                    configuration=[configuration],
                    depends_on=[*grants, own],
                )

    @staticmethod
    def _grant(
        scope: Construct, id_: str, role_arn: str, kind: str, tag: tuple[str, str], permissions: Sequence[str]
    ) -> LakeformationPermissions:
        key, value = tag
        return LakeformationPermissions(
            scope,
            id_,
            principal=role_arn,
            permissions=list(permissions),
            lf_tag_policy=LakeformationPermissionsLfTagPolicy(
                resource_type=kind,
                expression=[LakeformationPermissionsLfTagPolicyExpression(key=key, values=[value])],
            ),
        )


def _optimizers(role_arn: str) -> dict[str, GlueCatalogTableOptimizerConfiguration]:
    retention = GlueCatalogTableOptimizerConfigurationRetentionConfigurationIcebergConfiguration(
        snapshot_retention_period_in_days=SNAPSHOT_DAYS,
        number_of_snapshots_to_retain=SNAPSHOTS_KEPT,
        clean_expired_files=True,
    )
    orphans = GlueCatalogTableOptimizerConfigurationOrphanFileDeletionConfigurationIcebergConfiguration(
        orphan_file_retention_period_in_days=ORPHAN_DAYS
    )
    return {
        "compaction": GlueCatalogTableOptimizerConfiguration(enabled=True, role_arn=role_arn),
        "retention": GlueCatalogTableOptimizerConfiguration(
            enabled=True,
            role_arn=role_arn,
            retention_configuration=[
                GlueCatalogTableOptimizerConfigurationRetentionConfiguration(iceberg_configuration=[retention])
            ],
        ),
        "orphan_file_deletion": GlueCatalogTableOptimizerConfiguration(
            enabled=True,
            role_arn=role_arn,
            orphan_file_deletion_configuration=[
                GlueCatalogTableOptimizerConfigurationOrphanFileDeletionConfiguration(iceberg_configuration=[orphans])
            ],
        ),
    }
