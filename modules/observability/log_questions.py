"""What is asked of the log archive: queries in SQL of Athena, and how they are bounded. No cdktf here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from modules.core.trail_table import TRAIL, since
from modules.observability.log_tables import HOUR, LOG_EVENTS, NAME_QUERIES, PLAIN_DAY
from modules.observability.names import LOG_DATABASE

Asker = Literal["cloud-administrator", "security-auditor"]
# How far a query looks back as it stands: what it scans is what it costs.
TRAIL_DAYS, NAME_DAYS, EVENT_DAYS, FLOW_HOURS = 30, 7, 1, 24


@dataclass(frozen=True, slots=True)
class LogQuestion:
    """A query that the persona `asker` finds in the workgroup; `table` is what it is about."""

    asker: Asker
    name: str
    description: str
    table: str
    sql: str

    @property
    def id(self) -> str:
        """What it is called, which tells it from all others."""
        return f"{self.asker}-{self.name}"


def of_trail(*conditions: str) -> str:
    """From the trail, its last days, where all `conditions` hold."""
    return _from(TRAIL, since(TRAIL_DAYS), *conditions)


def of_names(*conditions: str) -> str:
    """From the names that were looked up in the last days, where all `conditions` hold."""
    return _from(NAME_QUERIES, since(NAME_DAYS), *conditions)


def of_events() -> str:
    """From what was logged since yesterday; CloudWatch Logs also sends messages of its own, to test the way."""
    recent = f"day >= date_format(current_date - interval '{EVENT_DAYS}' day, '{PLAIN_DAY}')"
    return _from(LOG_EVENTS, recent, "messagetype = 'DATA_MESSAGE'")


def of_flows(table: str, *conditions: str) -> str:
    """From the flows of the last hours in `table`, where all `conditions` hold."""
    return _from(table, f"hour >= date_format(current_timestamp - interval '{FLOW_HOURS}' hour, '{HOUR}')", *conditions)


def quoted(values: Sequence[str]) -> str:
    """The values as SQL lists them."""
    return ", ".join(f"'{value}'" for value in values)


def _from(table: str, *conditions: str) -> str:
    return f'FROM "{LOG_DATABASE}"."{table}"\nWHERE ' + "\n  AND ".join(conditions)
