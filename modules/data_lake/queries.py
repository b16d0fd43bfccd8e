"""Queries that a team finds ready in its workgroup: what each table that it reads looks like. No cdktf here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from modules.data_lake.reading import ReadTable

# Of one table. All of them would grow with the square of the tables: thousands, where every table has a customer.
_JOINS = 5


@dataclass(frozen=True, slots=True)
class Query:
    """A query in SQL of Athena. `name` is its own among the queries of a team; `database` is that of the catalogue."""

    name: str
    description: str
    database: str
    sql: str


def ready(tables: Sequence[ReadTable], links: Mapping[str, str]) -> Iterator[Query]:
    """A sample and a count of each table, and the joins that the keys of tables suggest.

    `links` is what each database is called in the team's catalogue. Only columns that the team sees are named: Lake
    Formation refuses a query that names another.
    """
    for table in tables:
        yield _sample(table, links)
        yield _count(table, links)
        yield from _joins(table, tables, links)


def _sample(table: ReadTable, links: Mapping[str, str]) -> Query:
    columns = ",\n       ".join(_quoted(column) for column in table.columns)
    return Query(
        f"sample-{_told(table)}",
        f"A hundred rows of {_told(table)}, with the columns that the team sees",
        table.database,
        f"SELECT {columns}\nFROM {_from(table, links)}\nLIMIT 100\n",
    )


def _count(table: ReadTable, links: Mapping[str, str]) -> Query:
    """By the first column that the table is partitioned by and the team sees: the newest partitions tell freshness."""
    parts = [column for column in table.table.partition_by if column in table.columns]
    name, source = f"count-{_told(table)}", _from(table, links)
    if not parts:
        return Query(
            name, f"How many rows {_told(table)} has", table.database, f"SELECT count(*) AS row_count\nFROM {source}\n"
        )
    part = _quoted(parts[0])
    return Query(
        name,
        f"How many rows {_told(table)} has in each of its 30 newest partitions by {parts[0]}",
        table.database,
        f"SELECT {part}, count(*) AS row_count\nFROM {source}\nGROUP BY {part}\nORDER BY {part} DESC\nLIMIT 30\n",
    )


def _joins(table: ReadTable, tables: Sequence[ReadTable], links: Mapping[str, str]) -> Iterator[Query]:
    """With the first other tables that hold all of its key: for each row there, the row here that it speaks of."""
    key = table.table.key
    if not key or not set(key) <= set(table.columns):
        return
    using = ", ".join(_quoted(column) for column in key)
    speaking = (
        other
        for other in tables
        if other is not table and set(key) <= set(other.columns) and not _same_kind(table, other)
    )
    for other in islice(speaking, _JOINS):
        yield Query(
            f"join-{_told(other)}-{_told(table)}",
            f"A hundred rows of {_told(other)}, each with its row of {_told(table)}",
            other.database,
            f"SELECT *\nFROM {_from(other, links)}\nJOIN {_from(table, links)} USING ({using})\nLIMIT 100\n",
        )


def _same_kind(table: ReadTable, other: ReadTable) -> bool:
    """Two tables of one key tell the same join twice: the first by name tells it."""
    return set(table.table.key) == set(other.table.key) and _told(other) < _told(table)


def _told(table: ReadTable) -> str:
    return f"{table.database}.{table.name}"


def _from(table: ReadTable, links: Mapping[str, str]) -> str:
    return f"{_quoted(links[table.database])}.{_quoted(table.name)}"


def _quoted(name: str) -> str:
    return f'"{name}"'
