"""What may be set for the data lake: a data domain's zones, products and tables, who consumes them, and how it is run.

No cdktf here. What a domain file may say is `DomainLake`, what a team file says of a domain it reads is `Consumption`;
`DataLakeSettings` holds for the whole organisation, environment by environment.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from modules.core.lf_tags import Sensitivity, up_to
from modules.core.settings import DomainName, RolePattern, Shape, Strict, Text, Title, distinct
from modules.data_lake.dqdl import RULESET_LIMIT, columns_of, ruleset
from modules.data_lake.jobs.spec import INGEST_DATE
from modules.data_lake.shapes import (
    ColumnName,
    ColumnType,
    FilterName,
    GlueSchedule,
    ProductName,
    QualityRule,
    RowFilter,
    TableName,
    columns_filtered,
    is_nested,
)

Zone = Literal["raw", "curated", "analytics"]
# What is published and read. What lies in the raw zone is neither: nobody has judged it.
ReadableLayer = Literal["curated", "analytics"]
# Who of a team reads data: people who explore it (in dev alone), and the jobs that run in every stage.
ConsumerPersona = Literal["data-scientist", "pipeline"]
ConsumerStage = Literal["dev", "test", "prod"]
ColumnNames = Annotated[tuple[ColumnName, ...], AfterValidator(distinct)]
Days = Annotated[int, Field(ge=1, le=36_500)]


class ZoneSettings(Strict):
    """How long one zone keeps objects, in days. Left out: for ever, and never cold."""

    cold_after_days: Days | None = None
    expire_after_days: Days | None = None
    noncurrent_days: Annotated[int, Field(ge=30, le=3650)] = 90

    @model_validator(mode="after")
    def _cold_before_gone(self) -> Self:
        if self.cold_after_days and self.expire_after_days and self.cold_after_days >= self.expire_after_days:
            raise ValueError("must have cold_after_days below expire_after_days")
        return self


class Column(Strict):
    """A column. `sensitivity` only where it is higher than that of its table."""

    type: ColumnType
    description: Title
    sensitivity: Sensitivity | None = None


class Filter(Strict):
    """A part of a table that may be granted by name: some rows (`rows`), without some columns (`without`)."""

    description: Title
    rows: RowFilter | None = None
    without: ColumnNames = ()

    @model_validator(mode="after")
    def _filters_something(self) -> Self:
        if self.rows is None and not self.without:
            raise ValueError("must have rows, without, or both: else it filters nothing")
        return self


class Source(Strict):
    """Files that somebody drops for the ingest job, below `incoming/<product>/<table>/` of the raw zone."""

    format: Literal["csv", "json", "parquet"]


class Quality(Strict):
    """The rules of a table, in DQDL, and what its consumers see when they fail.

    At least `minimum_score` (0 to 1) of the rules must pass before the table is published. `on_failure` says what
    happens to a table that was published already: `withdraw` takes it from its consumers, `keep` only alarms.
    """

    rules: Annotated[tuple[QualityRule, ...], Field(min_length=1)]
    minimum_score: Annotated[float, Field(ge=0.5, le=1)] = 1.0
    on_failure: Literal["withdraw", "keep"] = "withdraw"

    @model_validator(mode="after")
    def _fits_one_ruleset(self) -> Self:
        if (length := len(ruleset(self.rules))) > RULESET_LIMIT:
            raise ValueError(f"must have rules of {RULESET_LIMIT} characters at most together, and has {length}")
        return self


class Table(Strict):
    """A table of a data product, stored as Parquet. `partition_by` and `key` name columns of it.

    `key` is what makes a row one of its kind: of several, the curate job keeps the latest.
    """

    description: Text
    columns: Annotated[dict[ColumnName, Column], Field(min_length=1)]
    partition_by: ColumnNames = ()
    key: ColumnNames = ()
    sensitivity: Sensitivity | None = None
    source: Source | None = None
    quality: Quality | None = None
    filters: dict[FilterName, Filter] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _names_its_own_columns(self) -> Self:
        rules = self.quality.rules if self.quality else ()
        named = {*self.partition_by, *self.key, *(name for each in self.filters.values() for name in each.without)}
        named |= {name for rule in rules for name in columns_of(rule)}
        named |= {name for each in self.filters.values() for name in columns_filtered(each.rows or "")}
        if unknown := sorted(named - set(self.columns)):
            raise ValueError(f"must name its own columns only, and names {', '.join(unknown)}")
        if set(self.partition_by) == set(self.columns):
            raise ValueError("must have a column beside those that it is partitioned by")
        for name, each in self.filters.items():
            if set(each.without) == set(self.columns):
                raise ValueError(f"must leave a column in filters.{name}, which is without all of them")
        return self

    @model_validator(mode="after")
    def _has_columns_that_jobs_can_work_with(self) -> Self:
        if self.source and INGEST_DATE in self.columns:
            raise ValueError(f"must not have a column {INGEST_DATE}: the ingest job adds one of that name")
        for key, named in (("partition_by", self.partition_by), ("key", self.key)):
            if nested := [name for name in named if is_nested(self.columns[name].type)]:
                raise ValueError(f"must not have {nested[0]} in {key}: it is of type {self.columns[nested[0]].type}")
        return self

    @model_validator(mode="after")
    def _keeps_what_is_granted_by_name(self) -> Self:
        if self.filters and self.quality and self.quality.on_failure == "withdraw":
            raise ValueError(
                "must have quality.on_failure: keep where it has filters: they are granted by name, "
                "so withdrawing the table would not take them from anybody"
            )
        return self


class Product(Strict):
    """A data product: a database of the central catalogue with its tables, in one layer."""

    description: Text
    sensitivity: Sensitivity
    layer: ReadableLayer = "curated"
    deprecated: bool = False
    tables: Annotated[dict[TableName, Table], Field(min_length=1)]

    @model_validator(mode="after")
    def _columns_are_more_sensitive(self) -> Self:
        for name, table in self.tables.items():
            below = up_to(table.sensitivity or self.sensitivity)
            for column, each in table.columns.items():
                if each.sensitivity in below:
                    raise ValueError(
                        f"must have tables.{name}.columns.{column}.sensitivity above that of the table, "
                        f"{below[-1]}, or none"
                    )
        return self


class PipelineSettings(Strict):
    """When and with what the domain's jobs run. `schedule` is UTC; `workers` counts Glue workers of `worker_type`.

    Of the rows of a table, at most the share `max_rejected` (0 to 1) may be unfit: else its job fails and the table
    stays as it was. A table that is not renewed for `late_after_hours` raises an alarm.
    """

    schedule: GlueSchedule = "cron(0 3 * * ? *)"
    worker_type: Literal["G.1X", "G.2X", "G.4X"] = "G.1X"
    workers: Annotated[int, Field(ge=2, le=100)] = 2
    timeout_minutes: Annotated[int, Field(ge=5, le=2880)] = 120
    max_rejected: Annotated[float, Field(ge=0, le=1)] = 0.01
    late_after_hours: Annotated[int, Field(ge=1, le=168)] = 26  # CloudWatch looks back seven days at most


def _two_zones() -> dict[Zone, ZoneSettings]:
    return {"raw": ZoneSettings(), "curated": ZoneSettings()}


def _expression(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"must be a regular expression: {error}") from error
    return pattern


class Identifier(Strict):
    """What Macie looks for beside its own kinds: text that matches `pattern`, near one of `keywords`."""

    description: Title
    pattern: Annotated[str, Field(min_length=1, max_length=512), AfterValidator(_expression)]
    keywords: Annotated[tuple[Annotated[str, Field(min_length=3, max_length=90)], ...], Field(max_length=50)] = ()


class DomainLake(Strict):
    """A data domain's part of the lake. Without `products` it has its zones alone.

    `bucket_prefix` (default: the domain's name) begins the names of its buckets. `hybrid` is for a migration: IAM
    policies still open the data to everyone but those who have opted in, the consumers; the gate wants a waiver.
    """

    bucket_prefix: DomainName | None = None
    zones: Annotated[dict[Zone, ZoneSettings], Field(min_length=1)] = Field(default_factory=_two_zones)
    products: dict[ProductName, Product] = Field(default_factory=dict)
    pipelines: PipelineSettings = PipelineSettings()
    # A job of Macie takes 30 of them.
    sensitive_data: Annotated[dict[FilterName, Identifier], Field(max_length=30)] = Field(default_factory=dict)
    hybrid: bool = False

    @model_validator(mode="after")
    def _tables_are_told_apart(self) -> Self:
        called: dict[str, str] = {}
        for product, each in self.products.items():
            for table in each.tables:
                other = called.setdefault(f"{product}-{table}".replace("_", "-"), f"{product}.{table}")
                if other != f"{product}.{table}":
                    raise ValueError(
                        f"must not have the tables {other} and {product}.{table}: their jobs have one name"
                    )
        return self


class Consumption(Strict):
    """What a team reads of a data domain: published tables of these layers, up to this sensitivity.

    `filters` are parts of tables beyond that: `<product>.<table>` -> name of the owner's filter.
    """

    sensitivity: Sensitivity = "internal"
    layers: Annotated[tuple[ReadableLayer, ...], Field(min_length=1), AfterValidator(distinct)] = ("curated",)
    personas: Annotated[tuple[ConsumerPersona, ...], Field(min_length=1), AfterValidator(distinct)] = (
        "data-scientist",
        "pipeline",
    )
    stages: Annotated[tuple[ConsumerStage, ...], Field(min_length=1), AfterValidator(distinct)] = (
        "dev",
        "test",
        "prod",
    )
    filters: dict[str, FilterName] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _reads_something(self) -> Self:
        if self.personas == ("data-scientist",) and "dev" not in self.stages:
            raise ValueError("must have dev among its stages: data scientists read nothing in the others")
        return self


class AthenaSettings(Strict):
    """Queries of a team: how much data one may scan, in gigabytes, and how long results are kept, in days.

    The team's owner hears when they scan more than `daily_scan_gb` in a day.
    """

    scan_limit_gb: Annotated[int, Field(ge=1, le=100_000)] = 100
    daily_scan_gb: Annotated[int, Field(ge=1, le=1_000_000)] = 1000
    keep_results_days: Annotated[int, Field(ge=1, le=365)] = 30


class AuditSettings(Strict):
    """A table over the organisation trail, for those who audit the use of data; Control Tower's trail has none.

    `readers` are patterns of role names of the governance account with their path: who may become the reader. One
    query scans at most `scan_limit_gb` (10^9 bytes each).
    """

    enabled: bool = True
    readers: Annotated[tuple[RolePattern, ...], Field(min_length=1)] = (
        "aws-reserved/sso.amazonaws.com/*AWSReservedSSO_mlgov-security-auditor_*",
    )
    scan_limit_gb: Annotated[int, Field(ge=1, le=100_000)] = 500


class DataLakeSettings(Strict):
    """What is no domain's own. `administrators` are roles of the governance account that administer it beside ours."""

    administrators: tuple[Annotated[str, Shape(r"[A-Za-z0-9+=,.@_/-]+", "the name of an IAM role", 128)], ...] = ()
    athena: AthenaSettings = AthenaSettings()
    audit: AuditSettings = AuditSettings()
