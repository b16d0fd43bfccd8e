"""Queries on the offline store, in the SQL of Athena. No cdktf here.

A table of the offline store holds every record that was ever written, with `write_time`, `api_invocation_time` and
`is_deleted` beside the features; the same record may stand in it twice, as its delivery is at least once.
https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-offline.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from modules.feature_store.settings import FeatureGroupSpec

_EXAMPLES = {"string": "'an id'", "integral": "1", "fractional": "1e0"}


@dataclass(frozen=True, slots=True)
class OfflineTable:
    """The offline store of a group: where the catalogue has it, and what its columns mean."""

    spec: FeatureGroupSpec
    database: str
    table: str

    @property
    def source(self) -> str:
        """The table, for FROM."""
        return f'"{self.database}"."{self.table}"'

    @property
    def key(self) -> str:
        """The column of the record's id."""
        return f'"{self.spec.record_id}"'

    @property
    def event_seconds(self) -> str:
        """The event time in seconds since 1970. As text it would not even sort: with and without fractions mix."""
        column = f'f."{self.spec.event_time}"'
        fractional = self.spec.features[self.spec.event_time].type == "fractional"
        return column if fractional else f"to_unixtime(from_iso8601_timestamp({column}))"

    def columns(self, alias: str, *, without: str = "") -> str:
        """The features, for SELECT."""
        return ",\n       ".join(f'{alias}."{name}"' for name in self.spec.features if name != without)

    @property
    def newest_first(self) -> str:
        """Of rows of one id and event time, that which was written last counts."""
        return f"{self.event_seconds} DESC, f.write_time DESC, f.api_invocation_time DESC"


def queries(table: OfflineTable) -> Mapping[str, tuple[str, str]]:
    """Every query that is kept for a group: its name -> what it tells, and its SQL."""
    return {
        "latest": ("The newest record of each id that is not deleted", latest(table)),
        "history": ("Every record of one id, newest first; the id is the parameter", history(table)),
        "freshness": ("How old the newest record is, and how many came in by day", freshness(table)),
        "point-in-time": ("For each label the record as it was at the label's time", point_in_time(table)),
        "training-set": ("The same, of what had been written by then: what serving could know", training_set(table)),
    }


def latest(table: OfflineTable) -> str:
    """The newest record of each id, and none of an id that was deleted since."""
    return f"""\
WITH ranked AS (
  SELECT f.*, ROW_NUMBER() OVER (PARTITION BY f.{table.key} ORDER BY {table.newest_first}) AS place
  FROM {table.source} f
)
SELECT {table.columns("r")}
FROM ranked r
WHERE r.place = 1 AND NOT r.is_deleted
"""


def history(table: OfflineTable) -> str:
    """Every record of one id as it was written, duplicates and deletions too."""
    return f"""\
SELECT {table.columns("f")},
       f.write_time, f.is_deleted
FROM {table.source} f
WHERE f.{table.key} = ?
ORDER BY {table.newest_first}
LIMIT 1000
"""


def freshness(table: OfflineTable) -> str:
    """The age in seconds of the newest event, beside counts."""
    return f"""\
SELECT to_unixtime(current_timestamp) - max({table.event_seconds}) AS age_seconds,
       max(f.write_time) AS last_written,
       count(*) AS records,
       count(DISTINCT f.{table.key}) AS ids
FROM {table.source} f
"""


def point_in_time(table: OfflineTable, labels: str | None = None) -> str:
    """For each label the newest record of its id whose event is not later than the label: nothing of the future.

    Every label stays, without features where there is no such record, or where that record is a deletion. `labels` is
    a query for the labels; left out, an example stands in its place.
    """
    return _as_of(table, labels, served=False)


def training_set(table: OfflineTable, labels: str | None = None) -> str:
    """As `point_in_time`, of records that had been written by the label's time; labels without one are left out.

    A record that came late was not there to be served: a model that learned from it would know more than it will.
    """
    return _as_of(table, labels, served=True)


def _as_of(table: OfflineTable, labels: str | None, *, served: bool) -> str:
    known = "\n      AND to_unixtime(f.api_invocation_time) <= l.label_time" if served else ""
    example = _EXAMPLES[table.spec.features[table.spec.record_id].type]
    return f"""\
-- Put a query for your labels in place of VALUES: id, time in seconds since 1970 (to_unixtime), and what came of it.
WITH labels ({table.key}, label_time, label) AS (
  {labels or f"VALUES ({example}, 1767225600e0, 1)"}
),
ranked AS (
  SELECT l.label_time, f.*,
         ROW_NUMBER() OVER (PARTITION BY l.{table.key}, l.label_time ORDER BY {table.newest_first}) AS place
  FROM labels l
  JOIN {table.source} f
       ON f.{table.key} = l.{table.key}
      AND {table.event_seconds} <= l.label_time{known}
)
SELECT l.{table.key}, l.label_time, l.label,
       {table.columns("r", without=table.spec.record_id)}
FROM labels l
{"JOIN" if served else "LEFT JOIN"} ranked r
     ON r.{table.key} = l.{table.key} AND r.label_time = l.label_time AND r.place = 1 AND NOT r.is_deleted
"""
