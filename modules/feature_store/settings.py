"""What a feature group is, as YAML says it, and what may be set for the feature store. No cdktf here."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from modules.core.lf_tags import Sensitivity
from modules.core.settings import Email, Shape, Strict, TeamName, Title, UnitKey, distinct

# SageMaker allows 64 characters for `<organisation>-<environment>-<name>`.
FeatureGroupName = Annotated[
    str,
    Shape(
        r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*",
        "lower-case letters, digits and single hyphens, a letter first (such as card-velocity)",
        32,
        shortest=2,
    ),
]
# SageMaker refuses these names: its offline store adds columns that are called so.
_RESERVED = ("is_deleted", "write_time", "api_invocation_time")
FeatureName = Annotated[
    str,
    Shape(
        r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*",
        "lower-case letters, digits and single underscores, a letter first (such as spend_30d)",
        64,
    ),
]
FeatureType = Literal["string", "integral", "fractional"]


class FeatureQuality(Strict):
    """What a value must be before it is ingested. `minimum` and `maximum` are for numbers, `one_of` for text."""

    required: bool = True
    minimum: float | None = None
    maximum: float | None = None
    one_of: Annotated[tuple[str, ...], AfterValidator(distinct)] = ()

    @model_validator(mode="after")
    def _some_value_passes(self) -> Self:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError("must have a minimum of no more than its maximum: else no record is ever ingested")
        return self


class Collection(Strict):
    """Several values in one feature. A `vector` has a fixed `dimension` and needs the in-memory online store."""

    kind: Literal["list", "set", "vector"]
    dimension: Annotated[int, Field(ge=1, le=8192)] | None = None

    @model_validator(mode="after")
    def _only_vectors_have_a_dimension(self) -> Self:
        if (self.kind == "vector") != (self.dimension is not None):
            raise ValueError("must have dimension for a vector, and for nothing else")
        return self


class Feature(Strict):
    """One feature of a group."""

    type: FeatureType
    description: Title
    collection: Collection | None = None
    quality: FeatureQuality = FeatureQuality()
    deprecated: Title | None = None

    @model_validator(mode="after")
    def _vectors_are_numbers(self) -> Self:
        if self.collection and self.collection.kind == "vector" and self.type != "fractional":
            raise ValueError("must be of type fractional, as a vector is")
        return self

    @model_validator(mode="after")
    def _is_judged_by_what_it_is(self) -> Self:
        bounds = (self.quality.minimum, self.quality.maximum)
        if self.type == "string" and any(bound is not None for bound in bounds):
            raise ValueError("must not have quality.minimum or quality.maximum, which are for numbers: it is text")
        if self.type != "string" and self.quality.one_of:
            raise ValueError("must not have quality.one_of, which is for text: it is a number")
        return self


class OnlineStore(Strict):
    """The latest record of each id. `ttl_days` is how long one is served. `storage` cannot be changed later."""

    storage: Literal["standard", "in-memory"] = "standard"
    ttl_days: Annotated[int, Field(ge=1, le=3650)] | None = None


class Reach(Strict):
    """Whom a share goes to: teams by name, and units with all accounts below them."""

    teams: Annotated[tuple[TeamName, ...], AfterValidator(distinct)] = ()
    units: Annotated[tuple[UnitKey, ...], AfterValidator(distinct)] = ()


class FeatureAccess(Strict):
    """Who may use a group: read its records, write them too, or also manage it. Finding it is something else."""

    read: Reach = Reach()
    read_write: Reach = Reach()
    admin: Reach = Reach()


class Central(Strict):
    """The team's group is contributed to the central store: reviewed by somebody who is not its owner.

    `access` says who uses it. Who finds it is said once for the whole store (`FeatureStoreSettings.discoverable_by`).
    """

    reviewer: Email
    access: FeatureAccess = FeatureAccess()


class Operation(Strict):
    """What the group promises, which alarms hold it to.

    A record of the last `freshness_minutes` has always been ingested; no more than `write_units_per_minute` and
    `read_units_per_minute` are consumed, which is what the online store costs.
    """

    freshness_minutes: Annotated[int, Field(ge=5, le=1440)] = 1440
    write_units_per_minute: Annotated[int, Field(ge=1)] = 600
    read_units_per_minute: Annotated[int, Field(ge=1)] = 6000


class FeatureGroupSpec(Strict):
    """`features/<feature_group>.yaml`: a feature group. It stands in the team's dev account; with `central` also in
    the central store, for which `features.lock.json` then says what may not change any more.

    `record_id` and `event_time` name features of it. At least one of `online` and `offline` must be there.
    """

    feature_group: FeatureGroupName
    team: TeamName
    owner: Email
    description: Title  # SageMaker takes 128 characters, and never changes them
    sensitivity: Sensitivity
    record_id: FeatureName
    event_time: FeatureName
    features: Annotated[dict[FeatureName, Feature], Field(min_length=2, max_length=2500)]
    online: OnlineStore | None = OnlineStore()
    offline: bool = True
    central: Central | None = None
    operation: Operation = Operation()
    deprecated: Title | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        for key in ("record_id", "event_time"):
            if (name := getattr(self, key)) not in self.features:
                raise ValueError(f"must have the feature {name}, which {key} names, among its features")
        if reserved := sorted(set(_RESERVED) & set(self.features)):
            raise ValueError(f"must not call a feature {', '.join(reserved)}: SageMaker adds columns of these names")
        if self.event_time == self.record_id:
            raise ValueError("must have two features for record_id and event_time")
        if self.features[self.event_time].type == "integral":
            raise ValueError("must have an event_time of type fractional (seconds) or string (ISO 8601)")
        if any(self.features[name].collection for name in (self.record_id, self.event_time)):
            raise ValueError("must not have a collection as record_id or event_time")
        if self.online is None and not self.offline:
            raise ValueError("must have online, offline, or both")
        if any(each.collection for each in self.features.values()) and (
            self.online is None or self.online.storage != "in-memory"
        ):
            raise ValueError("must have online.storage: in-memory, as it has collections")
        return self


# How many runs at once are reserved for files and for schemas, and what Lambda lets an account reserve: of its 1,000 it
# keeps 100 for functions that reserve none.
FILE_RUNS, SCHEMA_RUNS, RESERVABLE_RUNS = 5, 2, 900


class FeatureStoreSettings(Strict):
    """Settings of the feature store that are no group's.

    Accounts below the units `discoverable_by` find every central group: name, description and features, no records.
    SageMaker shares its catalogue as a whole, so it cannot be said for one group.

    Of a group's function `ingest_concurrency` runs work at once, each on `ingest_batch` records; a record that comes
    once more within `remember_days` is not written again.
    """

    discoverable_by: Annotated[tuple[UnitKey, ...], AfterValidator(distinct)] = ()
    ingest_batch: Annotated[int, Field(ge=1, le=10)] = 10
    ingest_concurrency: Annotated[int, Field(ge=2, le=1000)] = 10
    remember_days: Annotated[int, Field(ge=1, le=90)] = 7
