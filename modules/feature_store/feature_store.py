"""A feature store: feature groups, where their histories lie, and who reads these."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.s3_object import S3Object
from constructs import Construct

from modules.core.naming import Naming
from modules.feature_store import names
from modules.feature_store.contract import FeaturesContract
from modules.feature_store.documents import schema_document
from modules.feature_store.feature_group import FeatureGroup
from modules.feature_store.offline_grants import OfflineGrants
from modules.feature_store.offline_store import OfflineStore
from modules.feature_store.settings import FeatureGroupSpec
from modules.feature_store.store_role import StoreRole
from modules.feature_store.user import User
from modules.foundations.contract import AccessContract


class FeatureStore(Construct):
    """The central store, or the one in which `team` develops its groups.

    A central store also says in its bucket which features each group is to have: what was added since a group was made
    `functions/evolve_group` adds.

    Guarantees: those of `OfflineStore`, `StoreRole`, `OfflineGrants` and `FeatureGroup`; and
    - the schema of a group is written once SageMaker has the group, encrypted under `offline_key_arn`.

    Controls: SM-50, SM-51, SM-52, DATA-12, DATA-13 (NIST 800-53 AC-3, AC-6, SC-28).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        team: str | None,
        groups: Sequence[FeatureGroupSpec],
        users: Sequence[User],
        online_key_arn: str,
        offline_key_arn: str,
        access: AccessContract,
    ) -> None:
        super().__init__(scope, id_)
        boundary = access.boundary_arn
        offline = OfflineStore(
            self, "offline", naming=naming, team=team, key_arn=offline_key_arn, boundary_arn=boundary
        )
        role = StoreRole(self, "role", naming=naming, team=team, offline=offline, boundary_arn=boundary)
        grants = OfflineGrants(
            self,
            "grants",
            offline=offline,
            groups=[spec.feature_group for spec in groups if spec.offline] if team is None else None,
            writer=role.arn,
            maker=access.apply_role_arn,
            users=users,
        )
        self.groups: dict[str, ITerraformDependable] = {}
        place, schemas, tables = Construct(self, "groups"), Construct(self, "schemas"), dict[str, str]()
        for spec in groups:
            group = FeatureGroup(
                place,
                spec.feature_group,
                naming=naming,
                spec=spec,
                role_arn=role.arn,
                online_key_arn=online_key_arn,
                offline=offline,
                central=team is None,
                after=[role.whole, *grants.ready],
            )
            self.groups[spec.feature_group] = group.resource
            if group.table is not None:
                tables[spec.feature_group] = group.table
            if team is None:
                S3Object(
                    schemas,
                    spec.feature_group,
                    bucket=offline.bucket,
                    key=names.schema_key(spec.feature_group),
                    content=schema_document(naming, spec),
                    content_type="application/json",
                    kms_key_id=offline_key_arn,
                    depends_on=[group.resource],
                )
        self.contract = FeaturesContract(database_names=dict.fromkeys(tables, offline.database), table_names=tables)
