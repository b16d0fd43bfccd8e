"""Glue, Athena and S3: what moto forgets, updates that Terraform sends, and what can no longer be asked for."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.delivery.emulator.conftest import REGION, Client

pytestmark = pytest.mark.e2e

OWNER = "181818181818"
ROLE = "arn:aws:iam::191919191919:role/upkeep"


def test_a_job_and_a_crawler_keep_what_moto_forgets(client: Client) -> None:
    """Whose credentials a crawler takes, what it is updated to, and a job's queue are given back."""
    glue, formation = client("glue", OWNER), {"UseLakeFormationCredentials": True, "AccountId": OWNER}
    targets = {"S3Targets": [{"Path": "s3://b/p"}]}
    glue.create_crawler(Name="c", Role="r", DatabaseName="d", Targets=targets, LakeFormationConfiguration=formation)
    glue.update_crawler(Name="c", Description="now")
    crawler = glue.get_crawler(Name="c")["Crawler"]
    assert (crawler["LakeFormationConfiguration"], crawler["Description"]) == (formation, "now")
    command = {"Name": "glueetl"}
    glue.create_job(Name="j", Role="r", Command=command, GlueVersion="5.0", JobRunQueuingEnabled=True)
    assert glue.get_job(JobName="j")["Job"]["JobRunQueuingEnabled"] is True
    glue.update_job(JobName="j", JobUpdate={"Role": "s", "Command": command})
    job = glue.get_job(JobName="j")["Job"]
    assert job["Role"] == "s"
    assert not {"GlueVersion", "JobRunQueuingEnabled"} & set(job)


def test_triggers_and_connections_can_be_updated_and_ended(client: Client) -> None:
    """An update replaces actions and schedule, and a connection's properties; what was deleted is gone."""
    glue, network = client("glue", OWNER), {"Name": "n", "ConnectionType": "NETWORK", "ConnectionProperties": {}}
    glue.create_trigger(Name="t", Type="SCHEDULED", Schedule="cron(0 1 * * ? *)", Actions=[{"JobName": "a"}])
    update = {"Schedule": "cron(0 2 * * ? *)", "Actions": [{"JobName": "b"}]}
    assert update.items() <= glue.update_trigger(Name="t", TriggerUpdate=update)["Trigger"].items()
    glue.create_connection(ConnectionInput=network)
    glue.update_connection(Name="n", ConnectionInput={**network, "Description": "now"})
    found = glue.get_connection(Name="n")["Connection"]
    assert (found["Description"], found["ConnectionType"]) == ("now", "NETWORK")
    glue.delete_connection(ConnectionName="n")
    with pytest.raises(ClientError, match="Connection n not found"):
        glue.delete_connection(ConnectionName="n")


def test_only_a_table_of_iceberg_is_optimised(client: Client) -> None:
    """Compaction of a table in another format is refused; the configuration of another type is, too."""
    glue, names = client("glue", OWNER), {"CatalogId": OWNER, "DatabaseName": "plain", "TableName": "t"}
    glue.create_database(DatabaseInput={"Name": "plain"})
    glue.create_table(DatabaseName="plain", TableInput={"Name": "t"})
    given = {"Type": "compaction", "TableOptimizerConfiguration": {"roleArn": ROLE, "enabled": True}}
    with pytest.raises(ClientError, match="no Iceberg table"):
        glue.create_table_optimizer(**names, **given)
    glue.update_table(DatabaseName="plain", TableInput={"Name": "t", "Parameters": {"table_type": "ICEBERG"}})
    glue.create_table_optimizer(**names, **given)
    wrong = {"roleArn": ROLE, "retentionConfiguration": {}}
    with pytest.raises(ClientError, match="does not go with compaction"):
        glue.update_table_optimizer(**names, Type="compaction", TableOptimizerConfiguration=wrong)


def test_a_workgroup_changes_what_is_named_and_is_not_lost_with_its_queries(client: Client) -> None:
    """A limit is set and removed, results keep their key; a workgroup with queries goes only with them."""
    athena = client("athena", OWNER)
    results = {"OutputLocation": "s3://b/", "ExpectedBucketOwner": OWNER}
    configuration = {"ResultConfiguration": results, "BytesScannedCutoffPerQuery": 10_000_000}
    athena.create_work_group(Name="w", Configuration=configuration)
    workgroup = f"arn:aws:athena:{REGION}:{OWNER}:workgroup/w"
    assert athena.list_tags_for_resource(ResourceARN=workgroup)["Tags"] == []
    changes = {"RemoveExpectedBucketOwner": True}
    updates = {"RemoveBytesScannedCutoffPerQuery": True, "ResultConfigurationUpdates": changes}
    athena.update_work_group(WorkGroup="w", ConfigurationUpdates=updates)
    found = athena.get_work_group(WorkGroup="w")["WorkGroup"]["Configuration"]
    assert found["ResultConfiguration"] == {"OutputLocation": "s3://b/"}
    assert "BytesScannedCutoffPerQuery" not in found
    athena.create_named_query(Name="q", Database="d", QueryString="SELECT 1", WorkGroup="w")
    athena.create_prepared_statement(StatementName="p", WorkGroup="w", QueryStatement="SELECT ?")
    with pytest.raises(ClientError, match="not empty"):
        athena.delete_work_group(WorkGroup="w")
    athena.delete_work_group(WorkGroup="w", RecursiveDeleteOption=True)


def test_an_event_bus_for_the_bucket_is_given_back(client: Client) -> None:
    """S3 says that events go to EventBridge, and keeps an inventory of current versions as such."""
    s3 = client("s3", OWNER)
    s3.create_bucket(Bucket="lake-raw", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_notification_configuration(
        Bucket="lake-raw", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    assert "EventBridgeConfiguration" in s3.get_bucket_notification_configuration(Bucket="lake-raw")
    inventory = {
        "Id": "weekly",
        "IsEnabled": True,
        "IncludedObjectVersions": "Current",
        "Schedule": {"Frequency": "Weekly"},
        "Destination": {"S3BucketDestination": {"Bucket": "arn:aws:s3:::lake-raw", "Format": "Parquet"}},
    }
    s3.put_bucket_inventory_configuration(Bucket="lake-raw", Id="weekly", InventoryConfiguration=inventory)
    found = s3.get_bucket_inventory_configuration(Bucket="lake-raw", Id="weekly")["InventoryConfiguration"]
    assert found == inventory
