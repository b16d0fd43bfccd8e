"""A feature that is added to a group's file gets into SageMaker, by the function's own calls on the embedded AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modules.feature_store.documents import schema_document
from modules.feature_store.functions.evolve_group.handler import PREFIX, Evolve, NotYetError
from modules.feature_store.functions.evolve_group.schema import BreakingError, Feature
from modules.feature_store.names import group_name, schema_key
from modules.feature_store.settings import FeatureGroupSpec
from tests.delivery.emulator.conftest import REGION, Client
from tests.support.features import feature_group
from tests.support.rendering import NAMING

pytestmark = pytest.mark.e2e
STORE, BUCKET = "181818181818", "acme-dev-features"
SPEC = feature_group()
GROUP = group_name(NAMING, SPEC.feature_group)
FEATURES = {name: feature.model_dump() for name, feature in SPEC.features.items()}


class Store:
    """The account of the feature store, and the function at work in it."""

    def __init__(self, client: Client) -> None:
        self.s3, self.sagemaker, self.sqs, self.glue = (
            client(service, STORE) for service in ("s3", "sagemaker", "sqs", "glue")
        )
        self.queue = self.sqs.create_queue(QueueName="feature-schemas")["QueueUrl"]
        self.evolve = Evolve(self.s3, self.sagemaker, self.sqs, self.queue)

    def write(self, spec: FeatureGroupSpec) -> None:
        """What the stack of the groups writes."""
        key = schema_key(spec.feature_group)
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=schema_document(NAMING, spec).encode())

    def hear(self) -> None:
        """Work on the queue until it is empty, as Lambda does."""
        while messages := self.sqs.receive_message(QueueUrl=self.queue).get("Messages"):
            for each in messages:
                self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=each["ReceiptHandle"])
                self.evolve.message(each["Body"])

    def everything(self) -> None:
        """The event of the schedule, and what becomes of it."""
        event = {"detail": {"bucket": {"name": BUCKET}, "object": {"key": PREFIX}}}
        self.evolve.message(json.dumps(event))
        self.hear()

    def features(self) -> list[str]:
        """The features of the group, in their order."""
        group = self.sagemaker.describe_feature_group(FeatureGroupName=GROUP)
        return [each["FeatureName"] for each in group["FeatureDefinitions"]]

    def said(self, feature: str) -> dict[str, Any]:
        """What SageMaker says of a feature."""
        found: dict[str, Any] = self.sagemaker.describe_feature_metadata(FeatureGroupName=GROUP, FeatureName=feature)
        return found


@pytest.fixture(scope="module", name="store")
def _store(client: Client) -> Store:
    """A group as Terraform made it: with its first features, and nothing said of them."""
    store = Store(client)
    store.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    role = client("iam", STORE).create_role(RoleName="features", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    wanted = json.loads(schema_document(NAMING, SPEC))["features"]
    known = [Feature(*(each[key] for key in ("name", "type", "collection", "dimension"))) for each in wanted]
    store.sagemaker.create_feature_group(
        FeatureGroupName=GROUP,
        RecordIdentifierFeatureName=SPEC.record_id,
        EventTimeFeatureName=SPEC.event_time,
        FeatureDefinitions=[each.definition() for each in known],
        OnlineStoreConfig={"EnableOnlineStore": True, "StorageType": "InMemory"},
        OfflineStoreConfig={"S3StorageConfig": {"S3Uri": f"s3://{BUCKET}/offline"}, "TableFormat": "Iceberg"},
        RoleArn=role,
    )
    store.write(SPEC)
    return store


def test_what_nobody_heard_of_is_described_by_the_schedule(store: Store) -> None:
    """The first schema is written before there is a rule: the schedule brings about what it says."""
    store.everything()
    assert store.said("payments")["Description"] == "Count"


def test_a_feature_is_added_at_the_end_with_its_collection_and_its_column(store: Store) -> None:
    """SageMaker has it, says what it is, and the table of the offline store has its column."""
    more = {"type": "string", "description": "Where", "collection": {"kind": "list"}, "quality": {"required": False}}
    added = feature_group(features={**FEATURES, "places": more})
    store.write(added)
    with pytest.raises(NotYetError):
        store.everything()
    store.everything()
    assert store.features() == [*FEATURES, "places"]
    assert store.said("places")["Description"] == "Where"
    catalog = store.sagemaker.describe_feature_group(FeatureGroupName=GROUP)["OfflineStoreConfig"]["DataCatalogConfig"]
    table = store.glue.get_table(DatabaseName=catalog["Database"], Name=catalog["TableName"])["Table"]
    assert "places" in {column["Name"] for column in table["StorageDescriptor"]["Columns"]}


def test_a_feature_that_is_left_out_stays(store: Store) -> None:
    """The difference is told, and the group is as it was."""
    before = store.features()
    store.write(feature_group(features={name: each for name, each in FEATURES.items() if name != "channel"}))
    with pytest.raises(BreakingError, match="channel is not wanted any more"):
        store.everything()
    assert store.features() == before
