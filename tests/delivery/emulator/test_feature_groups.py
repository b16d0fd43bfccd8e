"""Feature groups: what SageMaker refuses, the Glue table it makes, and who finds and who reads a shared group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.delivery.emulator.conftest import REGION, Client

MANAGER = "171717171717"
PERMISSION = "arn:aws:ram::aws:permission/AWSRAMPermission"
DEFINITIONS = [
    {"FeatureName": "card_id", "FeatureType": "String"},
    {"FeatureName": "at", "FeatureType": "Fractional"},
    {"FeatureName": "payments_1h", "FeatureType": "Integral"},
]
SPEC: dict[str, Any] = {
    "FeatureGroupName": "acme-dev-Velocity",
    "RecordIdentifierFeatureName": "card_id",
    "EventTimeFeatureName": "at",
    "FeatureDefinitions": DEFINITIONS,
    "OnlineStoreConfig": {"EnableOnlineStore": True},
}


@dataclass(frozen=True)
class Company:
    """An organisation whose accounts `store` and `team` stand in a unit below a unit."""

    store: str
    team: str
    unit: str


@pytest.fixture(scope="module", name="company")
def _company(client: Client) -> Company:
    organizations = client("organizations", MANAGER)
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    top = organizations.create_organizational_unit(ParentId=root, Name="ML")["OrganizationalUnit"]
    unit = organizations.create_organizational_unit(ParentId=top["Id"], Name="Teams")["OrganizationalUnit"]
    accounts = []
    for name in ("store", "team"):
        made = organizations.create_account(AccountName=name, Email=f"{name}@acme.example")["CreateAccountStatus"]
        organizations.move_account(AccountId=made["AccountId"], SourceParentId=root, DestinationParentId=unit["Id"])
        accounts.append(made["AccountId"])
    return Company(*accounts, unit["Arn"])


@pytest.fixture(scope="module", name="group")
def _group(client: Client, company: Company) -> str:
    """The ARN of a group of the store with both its stores."""
    client("s3", company.store).create_bucket(
        Bucket="acme-features", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    role = client("iam", company.store).create_role(RoleName="features", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    offline = {"S3StorageConfig": {"S3Uri": "s3://acme-features/groups/"}, "TableFormat": "Iceberg"}
    made = client("sagemaker", company.store).create_feature_group(
        **SPEC, RoleArn=role, OfflineStoreConfig=offline, Tags=[{"Key": "team", "Value": "fraud"}]
    )
    return str(made["FeatureGroupArn"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"OnlineStoreConfig": {"EnableOnlineStore": False}}, "an online store, an offline store, or both"),
        ({"EventTimeFeatureName": "payments_1h"}, "event time is of type"),
        ({"RecordIdentifierFeatureName": "account"}, "names a feature of the group"),
        ({"OfflineStoreConfig": {"S3StorageConfig": {"S3Uri": "s3://none/"}}}, "bucket none"),
        (
            {"FeatureDefinitions": [*DEFINITIONS, {**DEFINITIONS[2], "FeatureName": "x", "CollectionType": "Set"}]},
            "InMemory",
        ),
        ({"FeatureDefinitions": [*DEFINITIONS, {**DEFINITIONS[2], "FeatureName": "IS_DELETED"}]}, "SageMaker's own"),
    ],
)
def test_a_group_that_sagemaker_would_refuse_is_refused(
    client: Client, company: Company, change: dict[str, Any], said: str
) -> None:
    """No store, a wrong event time or identifier, no bucket, a collection without memory, a reserved name."""
    with pytest.raises(ClientError, match=said):
        client("sagemaker", company.store).create_feature_group(**{**SPEC, **change})


def test_an_offline_store_has_a_glue_table_that_grows_with_the_group(
    client: Client, company: Company, group: str
) -> None:
    """The table is where the group says, in Iceberg; an added feature is a column; one that is there is refused."""
    sagemaker, glue = client("sagemaker", company.store), client("glue", company.store)
    described = sagemaker.describe_feature_group(FeatureGroupName="acme-dev-Velocity")
    where = described["OfflineStoreConfig"]["DataCatalogConfig"]
    assert (where["Catalog"], where["Database"]) == ("AwsDataCatalog", "sagemaker_featurestore")
    place = described["OfflineStoreConfig"]["S3StorageConfig"]["ResolvedOutputS3Uri"]
    assert place.startswith(f"s3://acme-features/groups/{company.store}/sagemaker/{REGION}/offline-store/acme-dev-Vel")
    added = {"FeatureName": "embedding_norm", "FeatureType": "Fractional"}
    sagemaker.update_feature_group(FeatureGroupName=group, FeatureAdditions=[added])
    table = glue.get_table(DatabaseName=where["Database"], Name=where["TableName"])["Table"]
    assert (table["Parameters"]["table_type"], table["StorageDescriptor"]["Location"]) == ("ICEBERG", place)
    assert {"Name": "embedding_norm", "Type": "double"} in table["StorageDescriptor"]["Columns"]
    with pytest.raises(ClientError, match="unique"):
        sagemaker.update_feature_group(FeatureGroupName=group, FeatureAdditions=[added])
    assert sagemaker.list_tags(ResourceArn=group)["Tags"] == [{"Key": "team", "Value": "fraud"}]


def test_to_find_a_group_and_to_read_it_are_two_shares(client: Client, company: Company, group: str) -> None:
    """The catalogue shared with a unit shows the group, without tags; its description takes a share of the group."""
    theirs, ram = client("sagemaker", company.team), client("ram", company.store)
    wanted = {"Filters": [{"Name": "FeatureGroupName", "Operator": "Contains", "Value": "velocity"}]}
    search = {"Resource": "FeatureGroup", "SearchExpression": wanted, "CrossAccountFilterOption": "CrossAccount"}
    assert theirs.search(**search)["Results"] == []
    catalogue = f"arn:aws:sagemaker:{REGION}:{company.store}:sagemaker-catalog/DefaultFeatureGroupCatalog"
    ram.create_resource_share(
        name="find",
        resourceArns=[catalogue],
        principals=[company.unit],
        permissionArns=[f"{PERMISSION}SageMakerCatalogResourceSearch"],
    )
    (found,) = theirs.search(**search)["Results"]
    assert found["FeatureGroup"]["FeatureGroupArn"] == group
    assert "Tags" not in found["FeatureGroup"]
    assert theirs.search(Resource="FeatureGroup")["Results"] == []
    with pytest.raises(ClientError, match="is not shared with"):
        theirs.describe_feature_group(FeatureGroupName=group)
    share = ram.create_resource_share(
        name="read",
        resourceArns=[group],
        principals=[company.team],
        permissionArns=[f"{PERMISSION}SageMakerFeatureGroupReadOnly"],
    )["resourceShare"]["resourceShareArn"]
    assert theirs.describe_feature_group(FeatureGroupName=group)["FeatureGroupArn"] == group
    seen = client("ram", company.team).list_resources(resourceOwner="OTHER-ACCOUNTS")["resources"]
    assert {each["arn"] for each in seen} == {catalogue, group}
    (permission,) = ram.list_resource_share_permissions(resourceShareArn=share)["permissions"]
    assert permission["resourceType"] == "sagemaker:FeatureGroup"
    admin = f"{PERMISSION}SagemakerFeatureGroupAdmin"
    with pytest.raises(ClientError, match="has the permission"):
        ram.associate_resource_share_permission(resourceShareArn=share, permissionArn=admin)
    with pytest.raises(ClientError, match="knows no permission"):
        ram.create_resource_share(name="x", permissionArns=[f"{PERMISSION}Everything"])


def test_features_are_described_and_found_by_what_is_said_of_them(client: Client, company: Company, group: str) -> None:
    """Parameters are added and removed by key; a search for features heeds them."""
    sagemaker = client("sagemaker", company.store)
    one = {"FeatureGroupName": group, "FeatureName": "payments_1h"}
    both = [{"Key": "unit", "Value": "count"}, {"Key": "old", "Value": "x"}]
    sagemaker.update_feature_metadata(**one, Description="Payments of an hour", ParameterAdditions=both)
    sagemaker.update_feature_metadata(**one, ParameterRemovals=["old"])
    said = sagemaker.describe_feature_metadata(**one)
    assert (said["Description"], said["Parameters"]) == ("Payments of an hour", both[:1])
    wanted = {"Filters": [{"Name": "Parameters.unit", "Operator": "Equals", "Value": "count"}]}
    (found,) = sagemaker.search(Resource="FeatureMetadata", SearchExpression=wanted)["Results"]
    assert found["FeatureMetadata"]["FeatureName"] == "payments_1h"


@pytest.mark.e2e
def test_the_later_event_of_an_id_is_served_whichever_came_first(client: Client, company: Company, group: str) -> None:
    """An older record changes nothing, a deleted one stays deleted; what is no value of a feature is refused."""
    records = client("sagemaker-featurestore-runtime", company.store)
    other = client("sagemaker-featurestore-runtime", "181818181818")

    def put(at: str, payments: str, asked: Any = records) -> None:
        values = {"card_id": "c1", "at": at, "payments_1h": payments}
        record = [{"FeatureName": name, "ValueAsString": value} for name, value in values.items()]
        asked.put_record(FeatureGroupName=group, Record=record)

    def served() -> list[str]:
        found = records.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="c1")
        return [value["ValueAsString"] for value in found.get("Record", [])]

    put("200", "2")
    put("100", "1")
    assert served() == ["c1", "200", "2"]
    identifiers = [{"FeatureGroupName": group, "RecordIdentifiersValueAsString": ["c1", "c2"]}]
    (only,) = records.batch_get_record(Identifiers=identifiers)["Records"]
    assert only["RecordIdentifierValueAsString"] == "c1"
    records.delete_record(FeatureGroupName=group, RecordIdentifierValueAsString="c1", EventTime="300")
    put("250", "3")
    assert served() == []
    with pytest.raises(ClientError, match="payments_1h: many is not Integral"):
        put("400", "many")
    with pytest.raises(ClientError, match="is not shared with"):
        put("400", "4", other)
