"""What a domain's file says of its data products: tables and columns, and what must hold for them. No cdktf here."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from modules.core.lf_tags import Sensitivity, up_to
from modules.core.settings import Strict, Text, Title, distinct
from modules.data_lake.dqdl import RULESET_LIMIT, columns_of, ruleset
from modules.data_lake.jobs.spec import INGEST_DATE
from modules.data_lake.shapes import (
    ColumnName,
    ColumnType,
    FilterName,
    QualityRule,
    RowFilter,
    TableName,
    columns_filtered,
    is_nested,
)

# What is published and read. What lies in the raw zone is neither: nobody has judged it.
ReadableLayer = Literal["curated", "analytics"]
ColumnNames = Annotated[tuple[ColumnName, ...], AfterValidator(distinct)]


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
