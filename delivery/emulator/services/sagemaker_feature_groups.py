"""SageMaker's feature groups: their definitions, their Glue tables, and who finds them. No data is stored offline."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from moto.glue.models import glue_backends
from moto.s3.models import s3_backends

from delivery.emulator.catalogue import require_role
from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.services.lakeformation import settings
from delivery.emulator.services.lakeformation_defaults import TABLES
from delivery.emulator.services.lakeformation_permissions import grant_defaults
from delivery.emulator.services.ram import is_shared_with
from delivery.emulator.store import Record

SERVICE = Service("sagemaker")
DATABASE = "sagemaker_featurestore"
_COLUMN_TYPES = {"Integral": "bigint", "Fractional": "double", "String": "string"}
# What the offline store adds to a group's own features.
_ADDED = {"write_time": "timestamp", "api_invocation_time": "timestamp", "is_deleted": "boolean"}
_COLLECTIONS = ("List", "Set", "Vector")


def refuse(message: str) -> AwsError:
    """SageMaker's error for a request that it understands and does not accept."""
    return AwsError("ValidationException", message)


def feature_group(call: Call, name_or_arn: str) -> Record:
    """A group of the caller's by name or ARN, or another account's by its ARN when that is shared with the caller."""
    account, region, name = call.account, call.region, name_or_arn
    if name_or_arn.startswith("arn:"):
        _, _, _, region, account, resource = name_or_arn.split(":", 5)
        name = resource.partition("/")[2]
    kept = call.store.table(account, region, "sagemaker", "feature-group")
    found = kept.get(name.lower())
    if found is None:
        raise AwsError("ResourceNotFound", f"Resource Not Found: FeatureGroup {name_or_arn}")
    if account != call.account and not is_shared_with(call.account, found["FeatureGroupArn"]):
        raise AwsError("AccessDeniedException", f"{found['FeatureGroupArn']} is not shared with {call.account}")
    return found


def shown(found: Record, *, tags: bool = False) -> Answer:
    """A group as Describe and Search give it; tags are nobody's but the owner's."""
    left_out = {"Metadata"} if tags else {"Metadata", "Tags"}
    return {name: value for name, value in found.items() if name not in left_out}


def _check_definitions(definitions: list[Record], *, in_memory: bool) -> None:
    names = [each["FeatureName"].lower() for each in definitions]
    if len(set(names)) != len(names):
        raise refuse("feature names are unique, whatever their case")
    if reserved := sorted(set(names) & set(_ADDED)):
        raise refuse(f"{', '.join(reserved)} are names of SageMaker's own")
    for each in definitions:
        collection = each.get("CollectionType")
        if collection and not in_memory:
            raise refuse(f"{each['FeatureName']}: collections need an online store of type InMemory")
        if collection not in (None, *_COLLECTIONS):
            raise refuse(f"{each['FeatureName']}: {collection} is no collection")
        if (collection == "Vector") != ("VectorConfig" in each.get("CollectionConfig", {})):
            raise refuse(f"{each['FeatureName']}: a vector, and nothing else, has a dimension")
        if collection == "Vector" and each["FeatureType"] != "Fractional":
            raise refuse(f"{each['FeatureName']}: a vector is made of fractional values")


def _check(call: Call) -> None:
    """What SageMaker demands beyond the service model."""
    given = call.params
    definitions = {each["FeatureName"]: each for each in given["FeatureDefinitions"]}
    online = given.get("OnlineStoreConfig", {})
    _check_definitions(given["FeatureDefinitions"], in_memory=online.get("StorageType") == "InMemory")
    for member in ("RecordIdentifierFeatureName", "EventTimeFeatureName"):
        feature = definitions.get(given[member])
        if feature is None or feature.get("CollectionType"):
            raise refuse(f"{member} names a feature of the group that is no collection")
    if definitions[given["EventTimeFeatureName"]]["FeatureType"] == "Integral":
        raise refuse("the event time is of type Fractional or String")
    if not online.get("EnableOnlineStore") and "OfflineStoreConfig" not in given:
        raise refuse("a group has an online store, an offline store, or both")
    if "OfflineStoreConfig" in given:
        bucket = given["OfflineStoreConfig"]["S3StorageConfig"]["S3Uri"].split("/")[2]
        if bucket not in s3_backends.bucket_accounts:
            raise refuse(f"the bucket {bucket} of the offline store does not exist")
        if "RoleArn" not in given:
            raise refuse("an offline store needs a role")
    if "RoleArn" in given:
        require_role(given["RoleArn"], of=call.account)


@SERVICE.operation("CreateFeatureGroup")
def create(call: Call) -> Answer:
    """The group is ready at once. An offline store gets a place below its URI, and a Glue table unless told not to."""
    name, kept = call.params["FeatureGroupName"], call.table("feature-group")
    if name.lower() in kept:
        raise AwsError("ResourceInUse", f"Resource Already Exists: FeatureGroup with name {name} already exists.")
    _check(call)
    now = datetime.now(UTC)
    group = {
        "ThroughputConfig": {"ThroughputMode": "OnDemand"},
        **call.params,
        "FeatureGroupArn": f"arn:aws:sagemaker:{call.region}:{call.account}:feature-group/{name.lower()}",
        "CreationTime": now,
        "LastModifiedTime": now,
        "FeatureGroupStatus": "Created",
        "Tags": {each["Key"]: each["Value"] for each in call.params.get("Tags", [])},
        "Metadata": {},
    }
    if call.params.get("OnlineStoreConfig", {}).get("EnableOnlineStore"):
        group["OnlineStoreConfig"] = {"StorageType": "Standard", **call.params["OnlineStoreConfig"]}
    if "OfflineStoreConfig" in call.params:
        group["OfflineStoreConfig"] = _offline_store(call, now)
        group["OfflineStoreStatus"] = {"Status": "Active"}
    kept[name.lower()] = group
    return {"FeatureGroupArn": group["FeatureGroupArn"]}


def _offline_store(call: Call, now: datetime) -> Record:
    store, name = call.params["OfflineStoreConfig"], call.params["FeatureGroupName"]
    storage, made = store["S3StorageConfig"], int(now.timestamp())
    place = f"{call.account}/sagemaker/{call.region}/offline-store/{name}-{made}/data"
    resolved = f"{storage['S3Uri'].removesuffix('/')}/{place}"
    store = {
        "DisableGlueTableCreation": False,
        "TableFormat": "Glue",
        **store,
        "S3StorageConfig": {**storage, "ResolvedOutputS3Uri": resolved},
    }
    if not store["DisableGlueTableCreation"]:
        given = store.get("DataCatalogConfig")
        default = {"Catalog": "AwsDataCatalog", "Database": DATABASE, "TableName": f"{name.replace('-', '_')}_{made}"}
        store["DataCatalogConfig"] = given or default
        _create_table(call, store, own_database=given is None)
    return store


def _create_table(call: Call, store: Record, *, own_database: bool) -> None:
    glue, catalog = glue_backends[call.account][call.region], store["DataCatalogConfig"]
    if own_database and DATABASE not in glue.databases:
        glue.create_database(DATABASE, {"Name": DATABASE, TABLES: settings(call)[TABLES]})
        grant_defaults(call, {"Database": {"Name": DATABASE}}, settings(call)["CreateDatabaseDefaultPermissions"])
    if catalog["Database"] not in glue.databases:
        raise refuse(f"there is no database {catalog['Database']}")
    if catalog["TableName"] in glue.get_database(catalog["Database"]).tables:
        raise refuse(f"the table {catalog['TableName']} exists already")
    location = store["S3StorageConfig"]["ResolvedOutputS3Uri"]
    iceberg = {"table_type": "ICEBERG", "metadata_location": f"{location}/metadata/00000.metadata.json"}
    table = {
        "Name": catalog["TableName"],
        "TableType": "EXTERNAL_TABLE",
        "Parameters": iceberg if store["TableFormat"] == "Iceberg" else {"EXTERNAL": "TRUE"},
        "StorageDescriptor": {"Location": location, "Columns": _columns(call.params["FeatureDefinitions"])},
    }
    glue.create_table(catalog["Database"], catalog["TableName"], table)
    resource = {"Table": {"DatabaseName": catalog["Database"], "Name": catalog["TableName"]}}
    grant_defaults(call, resource, glue.get_database(catalog["Database"]).input.get(TABLES, []))


def _columns(definitions: list[Record]) -> list[Record]:
    features = {each["FeatureName"]: _column_type(each) for each in definitions}
    return [{"Name": name, "Type": kind} for name, kind in {**features, **_ADDED}.items()]


def _column_type(definition: Record) -> str:
    kind = _COLUMN_TYPES[definition["FeatureType"]]
    return f"array<{kind}>" if definition.get("CollectionType") else kind


@SERVICE.operation("DescribeFeatureGroup")
def describe(call: Call) -> Answer:
    return {**shown(feature_group(call, call.params["FeatureGroupName"])), "NextToken": ""}


@SERVICE.operation("UpdateFeatureGroup")
def update(call: Call) -> Answer:
    """Features are added and never taken away; the Glue table gets their columns."""
    found, now = feature_group(call, call.params["FeatureGroupName"]), datetime.now(UTC)
    online = found.get("OnlineStoreConfig", {})
    if added := call.params.get("FeatureAdditions"):
        whole = [*found["FeatureDefinitions"], *added]
        _check_definitions(whole, in_memory=online.get("StorageType") == "InMemory")
        found["FeatureDefinitions"] = whole
        _add_columns(found)
    if change := call.params.get("OnlineStoreConfig"):
        if not online:
            raise refuse("the group has no online store")
        online.update(change)
    if throughput := call.params.get("ThroughputConfig"):
        found["ThroughputConfig"] = throughput
    found.update(LastModifiedTime=now, LastUpdateStatus={"Status": "Successful"})
    return {"FeatureGroupArn": found["FeatureGroupArn"]}


def _add_columns(found: Record) -> None:
    catalog = found.get("OfflineStoreConfig", {}).get("DataCatalogConfig")
    if catalog is None:
        return
    _, _, _, region, account, _ = found["FeatureGroupArn"].split(":", 5)
    glue = glue_backends[account][region]
    table = glue.get_table(catalog["Database"], catalog["TableName"])
    kept: dict[str, Any] = table.get_version(str(table.as_dict()["VersionId"]))
    described = {**kept["StorageDescriptor"], "Columns": _columns(found["FeatureDefinitions"])}
    glue.update_table(catalog["Database"], catalog["TableName"], {**kept, "StorageDescriptor": described})


@SERVICE.operation("DeleteFeatureGroup")
def delete(call: Call) -> Answer:
    """The Glue table and what lies in the bucket stay, as on AWS."""
    name = feature_group(call, call.params["FeatureGroupName"])["FeatureGroupName"]
    del call.table("feature-group")[name.lower()]
    return {}


@SERVICE.operation("ListFeatureGroups")
def list_groups(call: Call) -> Answer:
    members = ("FeatureGroupName", "FeatureGroupArn", "CreationTime", "FeatureGroupStatus", "OfflineStoreStatus")
    wanted = call.params.get("NameContains", "").lower()
    found = [each for name, each in call.table("feature-group").items() if wanted in name]
    return {"FeatureGroupSummaries": [{name: each[name] for name in members if name in each} for each in found]}
