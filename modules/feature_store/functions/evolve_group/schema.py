"""What a feature group lacks of the schema that is wanted: pure comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DEPRECATED = "deprecated"  # the parameter of a feature that says what to use instead


class BreakingError(Exception):
    """The schema that is wanted is no addition to that of the group. SageMaker cannot change it, and nothing was."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature in SageMaker's words; `collection` is List, Set, Vector or None."""

    name: str
    type: str
    collection: str | None = None
    dimension: int | None = None

    @classmethod
    def of(cls, definition: Mapping[str, Any]) -> Feature:
        """From what SageMaker says."""
        size = definition.get("CollectionConfig", {}).get("VectorConfig", {}).get("Dimension")
        return cls(definition["FeatureName"], definition["FeatureType"], definition.get("CollectionType"), size)

    def definition(self) -> dict[str, Any]:
        """For SageMaker."""
        body: dict[str, Any] = {"FeatureName": self.name, "FeatureType": self.type}
        if self.collection:
            body["CollectionType"] = self.collection
        if self.dimension:
            body["CollectionConfig"] = {"VectorConfig": {"Dimension": self.dimension}}
        return body

    def __str__(self) -> str:
        parts = (self.type, self.collection, self.dimension and f"of {self.dimension}")
        return " ".join(str(part) for part in parts if part)


def additions(
    wanted: Mapping[str, Any], group: Mapping[str, Any], definitions: Sequence[Mapping[str, Any]]
) -> list[Feature]:
    """The features that the group lacks, in the order wanted. `definitions` are all of the group's, page after page.

    Raises BreakingError, which names every difference that is no addition.
    """
    features = {
        each["name"]: Feature(*(each[key] for key in ("name", "type", "collection", "dimension")))
        for each in wanted["features"]
    }
    known = {each.name: each for each in map(Feature.of, definitions)}
    if found := list(_broken(wanted, group, features, known)):
        raise BreakingError(f"{wanted['feature_group']}: {'; '.join(found)}: make a new group and deprecate this one")
    return [feature for name, feature in features.items() if name not in known]


def _broken(
    wanted: Mapping[str, Any],
    group: Mapping[str, Any],
    features: Mapping[str, Feature],
    known: Mapping[str, Feature],
) -> Iterator[str]:
    for key, theirs in (("record_id", "RecordIdentifierFeatureName"), ("event_time", "EventTimeFeatureName")):
        if wanted[key] != group[theirs]:
            yield f"{key} is {group[theirs]}, and {wanted[key]} is wanted"
    for name, feature in known.items():
        if name not in features:
            yield f"the feature {name} is not wanted any more"
        elif features[name] != feature:
            yield f"the feature {name} is {feature}, and {features[name]} is wanted"


def told(wanted: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """What UpdateFeatureMetadata must be given so that the feature is described as wanted; empty when it is."""
    update: dict[str, Any] = {}
    if wanted["description"] != known.get("Description"):
        update["Description"] = wanted["description"]
    said = {each["Key"]: each["Value"] for each in known.get("Parameters", ())}
    if wanted["deprecated"] and said.get(DEPRECATED) != wanted["deprecated"]:
        update["ParameterAdditions"] = [{"Key": DEPRECATED, "Value": wanted["deprecated"]}]
    if not wanted["deprecated"] and DEPRECATED in said:
        update["ParameterRemovals"] = [DEPRECATED]
    return update
