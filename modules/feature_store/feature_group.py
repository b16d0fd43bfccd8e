"""One feature group."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.lakeformation_resource_lf_tag import (
    LakeformationResourceLfTag,
    LakeformationResourceLfTagLfTag,
    LakeformationResourceLfTagTable,
)
from cdktf_cdktf_provider_aws.sagemaker_feature_group import (
    SagemakerFeatureGroup,
    SagemakerFeatureGroupFeatureDefinition,
    SagemakerFeatureGroupFeatureDefinitionCollectionConfig,
    SagemakerFeatureGroupFeatureDefinitionCollectionConfigVectorConfig,
    SagemakerFeatureGroupOfflineStoreConfig,
    SagemakerFeatureGroupOfflineStoreConfigDataCatalogConfig,
    SagemakerFeatureGroupOfflineStoreConfigS3StorageConfig,
    SagemakerFeatureGroupOnlineStoreConfig,
    SagemakerFeatureGroupOnlineStoreConfigSecurityConfig,
    SagemakerFeatureGroupOnlineStoreConfigTtlDuration,
)
from constructs import Construct

from modules.core.errors import ConfigError
from modules.core.lf_tags import DOMAIN, FEATURE_GROUP, LAYER, SENSITIVITY, STAGE
from modules.core.naming import Naming
from modules.feature_store import names
from modules.feature_store.offline_store import OfflineStore
from modules.feature_store.settings import Feature, FeatureGroupSpec, OnlineStore

_STORAGE = {"standard": "Standard", "in-memory": "InMemory"}
CATALOGUE = "AwsDataCatalog"  # as SageMaker calls the account's own


class FeatureGroup(Construct):
    """A feature group with its online and offline store, as `spec` says. `after`: what must be there before it.

    SageMaker makes the table of its history, under the name that `names.table` gives it; `table` is that name as a
    reference, None without an offline store.

    Features, and what is said of them, come later through SageMaker's API (`functions/evolve_group`), as Terraform
    would make the group anew for each: so it knows those of the beginning, and looks away after that. The group's
    description SageMaker never changes.

    Guarantees:
    - both stores are encrypted under a key that is named; without one there is no group;
    - its table is in the catalogue, tagged with whose it is, how sensitive and at what stage; in the central store
      (`central`) also with which group it is, as there groups are granted one by one;
    - Terraform refuses to destroy it, and does not plan to make it anew when features are added.

    Controls: SM-50, SM-51, SM-52, DATA-13 (NIST 800-53 SC-28, AC-16, CM-8).
    Raises ConfigError when a key is missing.
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateFeatureGroup.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        spec: FeatureGroupSpec,
        role_arn: str,
        online_key_arn: str,
        offline: OfflineStore,
        central: bool,
        after: Sequence[ITerraformDependable],
    ) -> None:
        super().__init__(scope, id_)
        if spec.online and not online_key_arn:
            raise ConfigError(f"{self.node.path}: an online store needs the ARN of a customer-managed key")
        group = self.resource = SagemakerFeatureGroup(
            self,
            "group",
            feature_group_name=names.group_name(naming, spec.feature_group),
            description=spec.description,
            role_arn=role_arn,
            record_identifier_feature_name=spec.record_id,
            event_time_feature_name=spec.event_time,
            feature_definition=[_definition(name, feature) for name, feature in spec.features.items()],
            online_store_config=_online(spec.online, online_key_arn) if spec.online else None,
            offline_store_config=_offline(spec.feature_group, offline) if spec.offline else None,
            tags={
                "Team": spec.team,
                "Owner": spec.owner,
                "Sensitivity": spec.sensitivity,
                "Deprecated": "true" if spec.deprecated else "false",
            },
            lifecycle=TerraformResourceLifecycle(
                prevent_destroy=True, ignore_changes=["feature_definition", "description"]
            ),
            depends_on=list(after),
        )
        self.table: str | None = None
        if spec.offline:
            self.table = group.offline_store_config.data_catalog_config.table_name
            self._tag(spec, offline.database, self.table, central=central)

    def _tag(self, spec: FeatureGroupSpec, database: str, table: str, *, central: bool) -> None:
        tags = {
            **({FEATURE_GROUP: spec.feature_group} if central else {}),
            DOMAIN: spec.team,
            LAYER: "features",
            SENSITIVITY: spec.sensitivity,
            STAGE: "deprecated" if spec.deprecated else "published",
        }
        for key, value in tags.items():
            LakeformationResourceLfTag(
                self,
                f"tag-{key}",
                table=[LakeformationResourceLfTagTable(database_name=database, name=table)],
                lf_tag=[LakeformationResourceLfTagLfTag(key=key, value=value)],
            )


def _definition(name: str, feature: Feature) -> SagemakerFeatureGroupFeatureDefinition:
    collection, config = feature.collection, None
    if collection and collection.dimension:
        vector = SagemakerFeatureGroupFeatureDefinitionCollectionConfigVectorConfig(dimension=collection.dimension)
        config = SagemakerFeatureGroupFeatureDefinitionCollectionConfig(vector_config=vector)
    return SagemakerFeatureGroupFeatureDefinition(
        feature_name=name,
        feature_type=feature.type.capitalize(),
        collection_type=collection.kind.capitalize() if collection else None,
        collection_config=config,
    )


def _online(store: OnlineStore, key_arn: str) -> SagemakerFeatureGroupOnlineStoreConfig:
    return SagemakerFeatureGroupOnlineStoreConfig(
        enable_online_store=True,
        storage_type=_STORAGE[store.storage],
        security_config=SagemakerFeatureGroupOnlineStoreConfigSecurityConfig(kms_key_id=key_arn),
        ttl_duration=SagemakerFeatureGroupOnlineStoreConfigTtlDuration(unit="Days", value=store.ttl_days)
        if store.ttl_days
        else None,
    )


def _offline(group: str, store: OfflineStore) -> SagemakerFeatureGroupOfflineStoreConfig:
    return SagemakerFeatureGroupOfflineStoreConfig(
        table_format="Iceberg",
        s3_storage_config=SagemakerFeatureGroupOfflineStoreConfigS3StorageConfig(
            s3_uri=store.uri, kms_key_id=store.key_arn
        ),
        data_catalog_config=SagemakerFeatureGroupOfflineStoreConfigDataCatalogConfig(
            catalog=CATALOGUE, database=store.database, table_name=names.table(group)
        ),
    )
