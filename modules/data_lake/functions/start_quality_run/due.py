"""Which tables are to be judged after an event. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TABLES = "tables.json"  # generated beside this file


class UnknownCauseError(Exception):
    """The event is none of those that this function is there for."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A table with rules: the ruleset, where the table is found, and the job that fills it (None: no job does)."""

    ruleset: str
    database: str
    table: str
    job: str | None


def due(event: Mapping[str, Any], tables: tuple[Judged, ...]) -> tuple[str, tuple[Judged, ...]]:
    """What caused the runs, and the tables that are to be judged. Raises UnknownCauseError for any other event."""
    kind, detail = event.get("detail-type"), event.get("detail", {})
    if kind == "Scheduled Event":
        return str(event["id"]), tuple(table for table in tables if table.job is None)
    if kind == "Glue Job State Change" and detail.get("state") == "SUCCEEDED":
        # None where the job fills a table without rules.
        found = tuple(table for table in tables if table.job and table.job == detail.get("jobName"))
        return str(detail["jobRunId"]), found
    raise UnknownCauseError(f"no table is judged after {kind} of {detail.get('jobName')} ({detail.get('state')})")
