"""What a job knows of the table it works on: written at synthesis, read when the job runs. Standard library only."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

# Columns that the ingest job adds to what came: they say which of two rows is the later one.
DELIVERED_AT, SOURCE_FILE, POSITION = "_delivered_at", "_source_file", "_position"

# The partitions of the raw zone: the day of the ingest job.
INGEST_DATE = "ingest_date"


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table with its way through the zones. Folders are URIs that end in `/`.

    `columns` are name and type, in the order of the catalogue. Of the rows that came, `max_rejected` (0 to 1) may be
    unfit before a job fails. `database` and `table` are those of the central catalogue.
    """

    domain: str
    product: str
    table: str
    format: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]
    partition_by: tuple[str, ...]
    max_rejected: float
    database: str
    incoming: str
    raw: str
    quarantine: str
    staging: str
    target: str

    @property
    def called(self) -> str:
        """`<product>.<table>`, as metrics and messages call it."""
        return f"{self.product}.{self.table}"

    @property
    def identity(self) -> tuple[str, ...]:
        """The columns by which two rows are the same: the key; without one, all of them."""
        return self.key or tuple(name for name, _ in self.columns)

    @property
    def by_partition(self) -> bool:
        """Whether a row never leaves its partition, so that the others need not be rewritten."""
        return bool(self.partition_by) and set(self.partition_by) <= set(self.identity)

    def to_json(self) -> str:
        """The same text for the same table."""
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> TableSpec:
        """The table that `to_json` wrote. Raises TypeError when a field is missing or unknown."""
        read: dict[str, Any] = json.loads(text)
        read["columns"] = tuple((name, kind) for name, kind in read["columns"])
        read |= {name: tuple(read[name]) for name in ("key", "partition_by")}
        return cls(**read)
