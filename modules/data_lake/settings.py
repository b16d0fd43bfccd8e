"""What may be set for the data lake: a data domain's zones, products and tables, who consumes them, and how it is run.

No cdktf here. What a domain file may say is `DomainLake`, what a team file says of a domain it reads is `Consumption`;
`DataLakeSettings` holds for the whole organisation, environment by environment.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from modules.core.lf_tags import Sensitivity, up_to
from modules.core.settings import DomainName, RolePattern, Shape, Strict, Text, Title
from modules.data_lake.dqdl import check_rule, columns_of

Zone = Literal["raw", "curated", "analytics"]
# What is published and read. What lies in the raw zone is neither: nobody has judged it.
ReadableLayer = Literal["curated", "analytics"]
# Who of a team reads data: people who explore it (in dev alone), and the jobs that run in every stage.
ConsumerPersona = Literal["data-scientist", "pipeline"]
ConsumerStage = Literal["dev", "test", "prod"]

_SNAKE = r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*"
_SNAKE_WORDS = "lower-case letters, digits and single underscores, a letter first (such as card_payment)"


def _snake(longest: int) -> Shape:
    return Shape(_SNAKE, _SNAKE_WORDS, longest, shortest=2)


ProductName = Annotated[str, _snake(32)]
TableName = Annotated[str, _snake(64)]
ColumnName = Annotated[str, _snake(64)]
FilterName = Annotated[str, _snake(32)]
ColumnType = Annotated[
    str,
    Shape(
        r"(?:string|boolean|tinyint|smallint|int|bigint|float|double|date|timestamp|binary"
        r"|decimal\([1-9][0-9]?,[0-9]{1,2}\)|(?:array|map|struct)<[a-z0-9_<>:,()]+>)",
        "a type of the Glue catalogue such as string, bigint, decimal(18,2), timestamp or array<string>",
        256,
    ),
]
# What Lake Formation takes as a row filter: a subset of PartiQL's WHERE. Quotes are single ones.
RowFilter = Annotated[str, Shape(r"[A-Za-z0-9_ .,'()<>=!%+*/-]+", "a row filter such as country = 'IE'", 1024)]
# A rule of the Data Quality Definition Language.
QualityRule = Annotated[
    str,
    Shape(r"[A-Z][A-Za-z]+\b[^;{}\[\]\n]*(?:\[[^\[\]\n;]*\][^;{}\n]*)?", 'a DQDL rule such as IsComplete "id"', 512),
    AfterValidator(check_rule),
]
GlueSchedule = Annotated[str, Shape(r"cron\([^()]+\)", "a schedule in UTC such as cron(0 3 * * ? *)", 64)]
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
    without: tuple[ColumnName, ...] = ()

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


class Table(Strict):
    """A table of a data product, stored as Parquet. `partition_by` and `key` name columns of it.

    `key` is what makes a row one of its kind: of several, the curate job keeps the latest.
    """

    description: Text
    columns: Annotated[dict[ColumnName, Column], Field(min_length=1)]
    partition_by: tuple[ColumnName, ...] = ()
    key: tuple[ColumnName, ...] = ()
    sensitivity: Sensitivity | None = None
    source: Source | None = None
    quality: Quality | None = None
    filters: dict[FilterName, Filter] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _names_its_own_columns(self) -> Self:
        rules = self.quality.rules if self.quality else ()
        named = {*self.partition_by, *self.key, *(name for each in self.filters.values() for name in each.without)}
        named |= {name for rule in rules for name in columns_of(rule)}
        if unknown := sorted(named - set(self.columns)):
            raise ValueError(f"must name its own columns only, and names {', '.join(unknown)}")
        if set(self.partition_by) == set(self.columns):
            raise ValueError("must have a column beside those that it is partitioned by")
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


class Identifier(Strict):
    """What Macie looks for beside its own kinds: text that matches `pattern`, near one of `keywords`."""

    description: Title
    pattern: Annotated[str, Field(min_length=1, max_length=512)]
    keywords: tuple[Annotated[str, Field(min_length=3, max_length=90)], ...] = ()


class DomainLake(Strict):
    """A data domain's part of the lake. Without `products` it has its zones alone.

    `bucket_prefix` (default: the domain's name) begins the names of its buckets. `hybrid` is for a migration: IAM
    policies still open the data to everyone but those who have opted in, the consumers; the gate wants a waiver.
    """

    bucket_prefix: DomainName | None = None
    zones: Annotated[dict[Zone, ZoneSettings], Field(min_length=1)] = Field(default_factory=_two_zones)
    products: dict[ProductName, Product] = Field(default_factory=dict)
    pipelines: PipelineSettings = PipelineSettings()
    sensitive_data: dict[FilterName, Identifier] = Field(default_factory=dict)
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
    layers: Annotated[tuple[ReadableLayer, ...], Field(min_length=1)] = ("curated",)
    personas: Annotated[tuple[ConsumerPersona, ...], Field(min_length=1)] = ("data-scientist", "pipeline")
    stages: Annotated[tuple[ConsumerStage, ...], Field(min_length=1)] = ("dev", "test", "prod")
    filters: dict[str, FilterName] = Field(default_factory=dict)


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
