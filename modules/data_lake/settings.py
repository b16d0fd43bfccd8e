"""What may be set for the data lake: a data domain's zones, products and tables, who consumes them, and how it is run.

No cdktf here. What a domain file may say is `DomainLake`, what a team file says of a domain it reads is `Consumption`;
`DataLakeSettings` holds for the whole organisation, environment by environment.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from modules.core.lf_tags import Sensitivity
from modules.core.settings import DomainName, RolePattern, Shape, Strict, Title, distinct
from modules.data_lake.product_settings import Product, ReadableLayer
from modules.data_lake.shapes import FilterName, GlueSchedule, ProductName

Zone = Literal["raw", "curated", "analytics"]
# Who of a team reads data: people who explore it (in dev alone), and the jobs that run in every stage.
ConsumerPersona = Literal["data-scientist", "pipeline"]
ConsumerStage = Literal["dev", "test", "prod"]
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
