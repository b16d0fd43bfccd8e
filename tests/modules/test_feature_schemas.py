"""Features are added and described, and nothing is ever removed or changed: `functions/evolve_group`."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from modules.feature_store.documents import schema_document
from modules.feature_store.functions.evolve_group.handler import ADDED_AT_ONCE, Evolve, FailedError, NotYetError
from modules.feature_store.functions.evolve_group.schema import BreakingError
from tests.support.features import feature_group
from tests.support.rendering import NAMING

KEY = "schemas/card-velocity.json"


class World:
    """A group of SageMaker, two features to a page, and the document that says what is wanted."""

    def __init__(self, wanted: dict[str, Any]) -> None:
        self.wanted = wanted
        self.status, self.update = "Created", {"Status": "Successful"}
        self.definitions: list[dict[str, Any]] = []
        self.metadata: dict[str, dict[str, Any]] = {}
        self.calls: list[str] = []
        self.sent: list[str] = []
        self.evolve = Evolve(self, self, self, "https://own")

    def get_object(self, **_: Any) -> dict[str, Any]:
        return {"Body": io.BytesIO(json.dumps(self.wanted).encode())}

    def describe_feature_group(self, *, FeatureGroupName: str, NextToken: str = "0") -> dict[str, Any]:
        assert FeatureGroupName == "acme-dev-card-velocity"
        start = int(NextToken)
        more = {"NextToken": str(start + 2)} if start + 2 < len(self.definitions) else {}
        return {
            "FeatureGroupStatus": self.status,
            "LastUpdateStatus": self.update,
            "RecordIdentifierFeatureName": "card_id",
            "EventTimeFeatureName": "observed_at",
            "FeatureDefinitions": self.definitions[start : start + 2],
            **more,
        }

    def update_feature_group(self, *, FeatureAdditions: list[dict[str, Any]], **_: Any) -> None:
        self.calls.append(f"add {len(FeatureAdditions)}")
        self.definitions += FeatureAdditions
        self.update = {"Status": "InProgress"}

    def describe_feature_metadata(self, *, FeatureName: str, **_: Any) -> dict[str, Any]:
        return self.metadata.get(FeatureName, {})

    def update_feature_metadata(self, *, FeatureName: str, FeatureGroupName: str, **update: Any) -> None:
        self.calls.append(f"describe {FeatureName}")
        known = self.metadata.setdefault(FeatureName, {})
        known |= {"Description": update.get("Description", known.get("Description"))}
        removed = set(update.get("ParameterRemovals", ()))
        kept = [each for each in known.get("Parameters", ()) if each["Key"] not in removed]
        known["Parameters"] = [*kept, *update.get("ParameterAdditions", ())]

    def get_paginator(self, operation: str) -> World:
        assert operation == "list_objects_v2"
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> list[dict[str, Any]]:
        assert (Bucket, Prefix) == ("features", "schemas/")
        return [{"Contents": [{"Key": KEY}]}, {"Contents": [{"Key": "schemas/other.json"}]}, {}]

    def send_message(self, *, QueueUrl: str, MessageBody: str) -> None:
        assert QueueUrl == "https://own"
        self.sent.append(MessageBody)

    def run(self) -> None:
        self.evolve.schema("features", KEY)

    def finish(self) -> None:
        """SageMaker is done with what it was asked."""
        self.update = {"Status": "Successful"}


def wanted(**changed: Any) -> dict[str, Any]:
    """The document that the stack of the groups writes."""
    found: dict[str, Any] = json.loads(schema_document(NAMING, feature_group(**changed)))
    return found


@pytest.fixture(name="world")
def _world() -> World:
    """A group as it should be, described."""
    world = World(wanted())
    with pytest.raises(NotYetError):
        world.run()
    world.finish()
    world.run()
    world.calls = []
    return world


def new_feature(world: World, **changed: Any) -> dict[str, Any]:
    """One more feature in the document."""
    feature = {"name": "extra", "type": "Integral", "collection": None, "dimension": None, "deprecated": None}
    world.wanted["features"].append({**feature, "description": "More", **changed})
    return world.wanted["features"][-1]


def test_a_group_that_is_as_wanted_is_left_alone(world: World) -> None:
    """A second event about the same schema changes nothing."""
    world.run()
    assert world.calls == []


def test_a_collection_is_made_as_the_spec_says(world: World) -> None:
    """Kind and dimension of a vector reach SageMaker."""
    (shape,) = [each for each in world.definitions if each["FeatureName"] == "shape"]
    assert shape["CollectionType"] == "Vector"
    assert shape["CollectionConfig"] == {"VectorConfig": {"Dimension": 2}}


def test_a_feature_is_added_then_described_when_sagemaker_is_done(world: World) -> None:
    """The message waits in its queue while the group is being updated, and is over when the feature is described."""
    new_feature(world)
    for _ in range(3):
        with pytest.raises(NotYetError):
            world.run()
    world.finish()
    world.run()
    assert world.calls == ["add 1", "describe extra"]
    assert world.metadata["extra"]["Description"] == "More"


def test_many_features_are_added_by_the_hundred(world: World) -> None:
    """SageMaker takes a hundred at once: the rest follows when they are there."""
    for number in range(150):
        new_feature(world, name=f"extra_{number}")
    for _ in range(2):
        with pytest.raises(NotYetError):
            world.run()
        world.finish()
    world.run()
    assert world.calls[:2] == [f"add {ADDED_AT_ONCE}", "add 50"]


def test_a_deprecated_feature_says_what_to_use_and_is_kept(world: World) -> None:
    """The word stands at the feature, goes when it is taken back, and a changed description is brought about."""
    world.wanted["features"][2] |= {"deprecated": "use spend", "description": "Old count"}
    world.run()
    assert world.metadata["payments"]["Parameters"] == [{"Key": "deprecated", "Value": "use spend"}]
    assert world.metadata["payments"]["Description"] == "Old count"
    world.wanted["features"][2]["deprecated"] = None
    world.run()
    assert world.metadata["payments"]["Parameters"] == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda document: document["features"].pop(2), "payments is not wanted any more"),
        (lambda document: document["features"][2].update(type="String"), "payments is Integral, and String is wanted"),
        (lambda document: document["features"][5].update(dimension=3), "shape is Fractional Vector of 2"),
        (lambda document: document.update(record_id="other"), "record_id is card_id"),
        (lambda document: document.update(event_time="other"), "event_time is observed_at"),
    ],
)
def test_a_breaking_difference_raises_and_changes_nothing(world: World, change: Any, words: str) -> None:
    """Not even what could be added is: somebody must look first, and the dead-letter alarm sees to that."""
    new_feature(world)
    change(world.wanted)
    with pytest.raises(BreakingError, match=words):
        world.run()
    assert world.calls == []


@pytest.mark.parametrize(("status", "error"), [("Creating", NotYetError), ("CreateFailed", FailedError)])
def test_a_group_that_is_not_there_yet_is_waited_for_and_one_that_failed_is_told(
    world: World, status: str, error: type[Exception]
) -> None:
    """Both give the message back; only the first can end well by itself."""
    world.status = status
    with pytest.raises(error):
        world.run()


def test_an_object_that_is_no_schema_is_refused(world: World) -> None:
    """What lies elsewhere below the prefix is not taken for a schema."""
    with pytest.raises(FailedError, match=r"schemas/<group>\.json"):
        world.evolve.schema("features", "schemas/../other.json")


def test_an_event_about_the_prefix_becomes_one_about_each_schema(world: World) -> None:
    """So what was written before anybody heard of it is brought about too, each schema in a run of its own."""
    event = {"detail": {"bucket": {"name": "features"}, "object": {"key": "schemas/"}}}
    world.evolve.message(json.dumps(event))
    keys = [json.loads(body)["detail"]["object"]["key"] for body in world.sent]
    assert keys == ["schemas%2Fcard-velocity.json", "schemas%2Fother.json"]
    world.wanted["features"][0]["description"] = "The card"
    world.evolve.message(world.sent[0])
    assert world.calls == ["describe card_id"]
