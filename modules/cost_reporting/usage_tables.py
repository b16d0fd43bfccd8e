"""The table over the rows of the inventory of usage, and the views that are made of it."""

from __future__ import annotations

from constructs import Construct

from modules.core.file_table import file_table
from modules.core.projection import JSON_LINES, FileTable, Partition, each_day
from modules.cost_reporting.functions.list_usage.rows import columns
from modules.cost_reporting.names import USAGE
from modules.cost_reporting.usage_settings import UsageSettings
from modules.cost_reporting.usage_views import usage_views
from modules.cost_reporting.views import Views


class UsageTables(Construct):
    """The table `names.USAGE` over what lies below the prefix of that name in `bucket`, and the views over it.

    `database` is a reference to that of the reports. Partitions are computed, not stored: by `dt` (`2026-11-23`) and
    `hour` (`09`), both in UTC, as far back as `keep_days`.

    Guarantees: the columns are the fields that the function writes; a query that names days reads them alone.

    Controls: DATA-15 (NIST 800-53 CM-8).
    """

    def __init__(
        self, scope: Construct, id_: str, *, settings: UsageSettings, database: str, bucket: str, keep_days: int
    ) -> None:
        super().__init__(scope, id_)
        table = FileTable(
            USAGE,
            "What accounts have in SageMaker, hour by hour: one row for each thing in each hour",
            columns(),
            (
                each_day("dt", "yyyy-MM-dd", keep_days),
                Partition("hour", {"type": "integer", "range": "0,23", "digits": "2"}),
            ),
            f"s3://{bucket}/{USAGE}/",
            "dt={dt}/hour={hour}/",
            JSON_LINES,
        )
        file_table(self, "table", table, database=database)
        Views(self, "views", database=database, views=usage_views(settings))
