"""Tables and views of a rendered stack, read by DuckDB: what is deployed is what is asked."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import sqlglot

from tests.support.rendering import Rendered

_TYPES = {
    "string": "VARCHAR",
    "bigint": "BIGINT",
    "int": "INTEGER",
    "double": "DOUBLE",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}


@dataclass(frozen=True)
class DeployedView:
    """A view as it stands in the catalogue, decoded as Athena decodes it."""

    name: str
    sql: str
    columns: Mapping[str, str]  # of the catalogue: Hive's types
    sql_columns: Mapping[str, str]  # of the definition: Athena's types


def tables(rendered: Rendered) -> dict[str, dict[str, Any]]:
    """Every table over files, by name."""
    found = rendered.all("aws_glue_catalog_table").values()
    return {table["name"]: table for table in found if table["table_type"] == "EXTERNAL_TABLE"}


def columns(table: Mapping[str, Any]) -> dict[str, str]:
    """Name -> Hive's type of each column of a table or view."""
    return {column["name"]: column["type"] for column in table["storage_descriptor"]["columns"]}


def views(rendered: Rendered) -> Iterator[DeployedView]:
    """Every view, in the order in which the stack has them."""
    for table in rendered.all("aws_glue_catalog_table").values():
        if table["table_type"] == "VIRTUAL_VIEW":
            text = table["view_original_text"].removeprefix("/* Presto View: ").removesuffix(" */")
            told = json.loads(base64.b64decode(text, validate=True))
            sql_columns = {column["name"]: column["type"] for column in told["columns"]}
            yield DeployedView(table["name"], told["originalSql"], columns(table), sql_columns)


def database(rendered: Rendered, root: Path) -> duckdb.DuckDBPyConnection:
    """A database with all tables, and all views over them. `root` has a folder for each bucket with its files."""
    connection = duckdb.connect()
    for name, table in tables(rendered).items():
        if source := _source(table, root):
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {source}")
        else:
            partitions = {each["name"]: each["type"] for each in table.get("partition_keys", ())}
            known = {column: _duckdb_type(kind) for column, kind in {**columns(table), **partitions}.items()}
            connection.execute(
                f"CREATE TABLE {name} ({', '.join(f'{column} {kind}' for column, kind in known.items())})"
            )
    waiting = list(views(rendered))
    while waiting:
        made = [view for view in waiting if _make(connection, view)]
        assert made, f"no view can be made of {[view.name for view in waiting]}"
        waiting = [view for view in waiting if view not in made]
    return connection


def _make(connection: duckdb.DuckDBPyConnection, view: DeployedView) -> bool:
    """False where it stands on a view that comes later."""
    try:
        # Kept, as others stand on it: DuckDB would work it out for each question.
        connection.execute(f"CREATE TABLE {view.name} AS {duckdb_sql(view.sql)}")
    except duckdb.CatalogException:
        return False
    return True


@cache
def duckdb_sql(sql: str) -> str:
    """`sql` of Athena in the dialect of DuckDB."""
    (translated,) = sqlglot.transpile(sql, read="athena", write="duckdb")
    return translated


def _source(table: Mapping[str, Any], root: Path) -> str | None:
    """What reads the files of a table: those that its template of locations finds."""
    location = table["parameters"].get("storage.location.template", table["storage_descriptor"]["location"])
    partitions = [each["name"] for each in table.get("partition_keys", ())]
    path = location.removeprefix("s3://").rstrip("/")
    for name in partitions:
        path = path.replace(f"$${{{name}}}", "*")
    if not any(root.glob(f"{path}/*")):
        return None
    by_path = "hive_partitioning = true, hive_types_autocast = false"
    if table["parameters"]["classification"] == "parquet":
        named = ", ".join(f'"{name}"' for name in (*columns(table), *partitions))
        return f"(SELECT {named} FROM read_parquet('{root}/{path}/*', {by_path}))"
    kinds = ", ".join(f"'{name}': '{_duckdb_type(kind)}'" for name, kind in columns(table).items())
    return f"read_json('{root}/{path}/*', columns = {{{kinds}}}, format = 'newline_delimited', {by_path})"


def _duckdb_type(kind: str) -> str:
    if kind.startswith("array<"):
        return f"{_duckdb_type(kind.removeprefix('array<').removesuffix('>'))}[]"
    if kind.startswith("map<"):
        keys, _, values = kind.removeprefix("map<").removesuffix(">").partition(",")
        return f"MAP({_duckdb_type(keys)}, {_duckdb_type(values)})"
    return _TYPES[kind]
