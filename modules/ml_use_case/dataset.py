"""What a project's model learns from, and the query that reads it, in the SQL of Athena. No cdktf here.

Features are joined as they were at the time of each row, by event time: a model that saw a later record would be
judged better than it is (https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-offline.html).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CATALOG = "AwsDataCatalog"


@dataclass(frozen=True, slots=True)
class JoinedFeatures:
    """The history of a feature group, as the team's catalogue has it. `on`: the row's column with its record id.

    `seconds`: its event time is a number of seconds since 1970, else text of ISO 8601.
    """

    group: str
    database: str
    table: str
    record_id: str
    event_time: str
    seconds: bool
    on: str
    columns: Sequence[str]

    def common_table(self, place: str, dataset: LakeDataset) -> str:
        """For each row of the dataset, by its key, the records that were there at its time, the newest first."""
        event = f'f."{self.event_time}"'
        if not self.seconds:
            event = f"to_unixtime(from_iso8601_timestamp({event}))"
        keys = ", ".join(f'd."{column}"' for column in dataset.key)
        features = "".join(f', f."{column}"' for column in self.columns)
        return (
            f"{place} AS (SELECT {keys}{features}, f.is_deleted, ROW_NUMBER() OVER (PARTITION BY {keys} ORDER BY"
            f" {event} DESC, f.write_time DESC, f.api_invocation_time DESC) AS newest FROM {dataset.source} d JOIN"
            f' "{self.database}"."{self.table}" f ON f."{self.record_id}" = d."{self.on}"'
            f' AND {event} <= to_unixtime(CAST(d."{dataset.event_time}" AS timestamp)))'
        )


@dataclass(frozen=True, slots=True)
class LakeDataset:
    """A published table of a data domain, as the team sees it: its columns, its key, and the features that join it."""

    workgroup: str
    domain: str
    product: str
    database: str
    table: str
    columns: Sequence[str]
    key: Sequence[str]
    event_time: str | None = None
    features: Sequence[JoinedFeatures] = ()

    @property
    def source(self) -> str:
        """The table, for FROM."""
        return f'"{self.database}"."{self.table}"'

    @property
    def query(self) -> str:
        """One row for each row of the table. A row without a record, or whose newest was deleted, has no features."""
        selected = [f'd."{column}"' for column in self.columns]
        joins, tables = "", []
        for each in self.features:
            place = f'"features_{each.table}"'
            tables.append(each.common_table(place, self))
            selected += [f'{place}."{column}"' for column in each.columns]
            same = " AND ".join(f'{place}."{column}" = d."{column}"' for column in self.key)
            joins += f" LEFT JOIN {place} ON {same} AND {place}.newest = 1 AND NOT {place}.is_deleted"
        before = f"WITH {', '.join(tables)} " if tables else ""
        return f"{before}SELECT {', '.join(selected)} FROM {self.source} d{joins}"

    def document(self) -> dict[str, Any]:
        """As the project's settings tell it to its seed code."""
        features = [
            {"group": each.group, "database": each.database, "table": each.table, "columns": list(each.columns)}
            for each in self.features
        ]
        return {
            "kind": "athena",
            "catalog": CATALOG,
            "workgroup": self.workgroup,
            "domain": self.domain,
            "product": self.product,
            "database": self.database,
            "table": self.table,
            "columns": [*self.columns, *(column for each in self.features for column in each.columns)],
            "query": self.query,
            "features": features,
        }


@dataclass(frozen=True, slots=True)
class FileDataset:
    """Files of the team's own, in the project's bucket."""

    uri: str
    format: str

    def document(self) -> Mapping[str, Any]:
        """As the project's settings tell it to its seed code."""
        return {"kind": "files", "uri": self.uri, "format": self.format}


Dataset = LakeDataset | FileDataset
