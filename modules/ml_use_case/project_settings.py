"""What an ML project is, as YAML says it: one model that a team builds. No cdktf here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from modules.core.settings import Email, InstanceType, Schedule, Shape, Strict, TeamName, Text, distinct
from modules.ml_use_case.source_settings import ProjectSource

# Names of buckets and of pipelines hold it; a model's group is called `<organisation>-<environment>-<team>-<project>`.
ProjectName = Annotated[
    str,
    Shape(
        r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*",
        "lower-case letters, digits and single hyphens, a letter first (such as card-fraud)",
        20,
        shortest=2,
    ),
]
BuildTemplate = Literal["build-tabular", "build-language-model"]
# The words of SageMaker's model cards.
Risk = Literal["low", "medium", "high"]
Column = Annotated[str, Shape(r"[A-Za-z][A-Za-z0-9_-]*", "a column's name such as paid_on", 64)]
Name = Annotated[str, Shape(r"[a-z][a-z0-9_-]*", "a name as in the file of the data domain", 64)]
Prefix = Annotated[
    str,
    Shape(
        r"(?!\.\.?(?:/|$))[A-Za-z0-9_.=-]+(?:/(?!\.\.?(?:/|$))[A-Za-z0-9_.=-]+)*",
        "a prefix such as letters/2026, no slash at its ends and no part that is . or ..",
        200,
    ),
]
# By its digest, or by a tag that says more than `latest`: the same settings build the same model.
Image = Annotated[
    str,
    Shape(
        r"[0-9]{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/[a-z0-9._/-]+(?:@sha256:[0-9a-f]{64}|:(?!latest$)[A-Za-z0-9_.-]+)",
        "an image in ECR with its digest, or with a tag that is not latest",
        300,
    ),
]
Value = Annotated[str, Shape(r"[^\n]*\S[^\n]*", "one line that is not blank", 64)] | int | bool


def _each_once(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """As `distinct`, for values: `true` is none of the numbers."""
    seen = [(type(value), value) for value in values]
    if repeated := sorted({str(value) for (kind, value) in seen if seen.count((kind, value)) > 1}):
        raise ValueError(f"must name each once, and repeats {', '.join(repeated)}")
    return values


Values = Annotated[tuple[Value, ...], Field(min_length=1, max_length=20), AfterValidator(_each_once)]


# Metrics that are better the higher, none of them above 1, and those that are better the lower, none below 0.
_SCORES = ("accuracy", "average_precision", "f1", "f1_macro", "precision", "r2", "recall", "roc_auc")
_ERRORS = ("log_loss", "mae", "rmse")


class MetricGate(Strict):
    """What a model must reach before it is registered: `metric` as the evaluation reports it, and one bound.

    A bound that every model or none would pass is refused: it gates nothing.
    """

    metric: Annotated[str, Shape(r"[a-z][a-z0-9_]*", "a metric's name such as roc_auc", 64)]
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("must have either at_least or at_most")
        return self

    @model_validator(mode="after")
    def _parts_good_models_from_bad(self) -> Self:
        if self.metric in _SCORES and not (self.at_least is not None and 0 < self.at_least <= 1):
            raise ValueError(f"must have at_least above 0, up to 1: {self.metric} is better the higher")
        if self.metric in _ERRORS and not (self.at_most is not None and self.at_most > 0):
            raise ValueError(f"must have at_most above 0: {self.metric} is better the lower")
        return self


# What the evaluation of each template reports: the seed code of a template refuses any other.
METRICS: Mapping[BuildTemplate, tuple[str, ...]] = {
    "build-tabular": (
        *("accuracy", "average_precision", "f1", "f1_macro", "log_loss", "mae"),
        *("precision", "r2", "recall", "rmse", "roc_auc"),
    ),
    "build-language-model": ("accuracy", "f1_macro", "log_loss"),
}


class PublishedTable(Strict):
    """A published table of a data domain that the team consumes. `event_time` tells when a row was, for features."""

    domain: Name
    product: Name
    table: Name
    event_time: Column | None = None


class Files(Strict):
    """Files that the team puts below `data/<prefix>/` of the project's bucket."""

    prefix: Prefix
    format: Literal["csv", "jsonl", "parquet"]


class ProjectData(Strict):
    """What the model learns from: a published table, or files of the team's own."""

    published: PublishedTable | None = None
    files: Files | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.published is None) == (self.files is None):
            raise ValueError("must have either published or files")
        return self


class FeatureUse(Strict):
    """A feature group's history, joined as it was at the time of each row. `on`: the row's column with its record id.

    `columns` left out: all features of the group.
    """

    on: Column
    columns: Annotated[tuple[Column, ...], AfterValidator(distinct)] = ()


class Instances(Strict):
    """What a kind of job of the pipeline runs on, and how long at most."""

    type: InstanceType = "ml.m5.xlarge"
    count: Annotated[int, Field(ge=1, le=20)] = 1
    volume_gb: Annotated[int, Field(ge=5, le=1000)] = 30
    max_runtime_minutes: Annotated[int, Field(ge=5, le=2880)] = 120


class ProjectInstances(Strict):
    """What the project's jobs run on: preparing, judging and explaining on `processing`, learning on `training`."""

    processing: Instances = Instances()
    training: Instances = Instances()


class ProjectImages(Strict):
    """Containers in place of those that AWS publishes for the template's framework."""

    processing: Image | None = None
    training: Image | None = None
    inference: Image | None = None


class ProjectSpec(Strict):
    """`projects/<project>.yaml`: one model that a team builds, by which template.

    `target` is the column to be told; `favourable` its values that are good for whom they concern. `facets` are the
    columns by which bias is measured, each with the values of the group that might be treated worse. `not_inputs` are
    columns that the model does not learn from, such as numbers of customers. `text` is the column that a language
    model reads. `owner` (default: the team's) hears of failures; `intended_use`, `risk` and `owner` stand in the model
    card: the risk is high until somebody says that it is less. `product` (default: the project's own name) is what its
    costs are reported with; several projects of a team may be one product, and `monthly_budget_usd` of each add up to
    the product's. `ended`: nobody builds the model any more; its build is taken down, and what was made stays.
    """

    project: ProjectName
    team: TeamName
    description: Text
    template: BuildTemplate
    gate: MetricGate
    data: ProjectData
    target: Column
    product: ProjectName | None = None
    monthly_budget_usd: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    owner: Email | None = None
    intended_use: Text | None = None
    risk: Risk = "high"
    favourable: Values = (1,)
    text: Column | None = None
    not_inputs: Annotated[tuple[Column, ...], AfterValidator(distinct)] = ()
    features: Annotated[dict[Name, FeatureUse], Field(max_length=5)] = Field(default_factory=dict)
    facets: Annotated[dict[Column, Values], Field(max_length=10)] = Field(default_factory=dict)
    schedule: Schedule | None = None
    instances: ProjectInstances = ProjectInstances()
    images: ProjectImages = ProjectImages()
    source: ProjectSource = ProjectSource()
    ended: bool = False

    @property
    def product_name(self) -> str:
        """The product that the project is part of, or is."""
        return self.product or self.project

    @model_validator(mode="after")
    def _is_judged_by_a_metric_of_its_template(self) -> Self:
        if self.gate.metric not in (known := METRICS[self.template]):
            raise ValueError(f"must have a gate.metric that {self.template} reports: {', '.join(known)}")
        return self

    @model_validator(mode="after")
    def _learns_from_something_else(self) -> Self:
        if self.target in self.not_inputs or self.target in self.facets:
            raise ValueError("must not have its target among not_inputs or facets")
        if (self.template == "build-language-model") != (self.text is not None):
            raise ValueError("must have text, the column to read, with build-language-model and no other template")
        if self.text in (self.target, *self.not_inputs, *self.facets):
            raise ValueError("must have a column as text that is none of target, not_inputs and facets")
        return self

    @model_validator(mode="after")
    def _joins_features_by_time(self) -> Self:
        if self.features and (self.data.published is None or self.data.published.event_time is None):
            raise ValueError("must have data.published.event_time to join features as they were at that time")
        return self
