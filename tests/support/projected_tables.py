"""Tables with computed partitions, read by DuckDB as Athena reads them: from the Terraform JSON that makes them.

A file is found where the table's template leads for values that its projection has, and nowhere else. Fields that the
table does not name are not seen, and names of fields are told apart without regard to case, as the serializers do.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import sqlglot

_SIMPLE = {"string": "VARCHAR", "int": "INTEGER", "bigint": "BIGINT"}
_VARIABLE = re.compile(r"\$\$\{(\w+)\}")
_JAVA_DATES = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H"}


def open_database(database: str, tables: Mapping[str, Any], root: Path) -> duckdb.DuckDBPyConnection:
    """The rendered `aws_glue_catalog_table` resources as tables of `database`; buckets are folders below `root`."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f'CREATE SCHEMA "{database}"')
    for table in tables.values():
        _load(connection, f'"{database}"."{table["name"]}"', table, root)
    return connection


def ask(connection: duckdb.DuckDBPyConnection, sql: str, *parameters: object) -> list[dict[str, Any]]:
    """The rows that Athena's SQL finds."""
    (translated,) = sqlglot.transpile(sql, read="athena", write="duckdb")
    found = connection.execute(translated, list(parameters))
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _load(connection: duckdb.DuckDBPyConnection, name: str, table: Mapping[str, Any], root: Path) -> None:
    storage = table["storage_descriptor"]
    columns = {column["name"]: duckdb_type(column["type"]) for column in storage["columns"]}
    partitions = [key["name"] for key in table["partition_keys"]]
    defined = ", ".join(
        f'"{column}" {kind}' for column, kind in (columns | dict.fromkeys(partitions, "VARCHAR")).items()
    )
    connection.execute(f"CREATE TABLE {name} ({defined})")
    for path, values in found_files(table, root):
        literals = ", ".join(f"'{values[each]}'" for each in partitions)
        named = ", ".join(f'"{column}"' for column in columns)
        if table["parameters"]["classification"] == "parquet":
            source = f"read_parquet('{path}', hive_partitioning = false)"
        else:
            lines = path.with_name(f"{path.name}.lowered")
            lines.write_text("\n".join(json.dumps(_seen(row, columns)) for row in _rows(table, path)))
            kinds = ", ".join(f"'{column}': '{kind}'" for column, kind in columns.items())
            source = f"read_json('{lines}', format = 'newline_delimited', columns = {{{kinds}}})"
        connection.execute(f"INSERT INTO {name} SELECT {named}, {literals} FROM {source}")


def found_files(table: Mapping[str, Any], root: Path) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """The files that Athena finds, each with the values of its partitions."""
    parameters = table["parameters"]
    assert parameters["projection.enabled"] == "true"
    template = parameters["storage.location.template"]
    assert template.startswith(table["storage_descriptor"]["location"])
    parts = _VARIABLE.split(template.removeprefix("s3://"))
    pattern = "".join(
        f"(?P<{part}>{_values(parameters, part)})" if index % 2 else re.escape(part) for index, part in enumerate(parts)
    )
    shape = re.compile(f"{pattern}/[^/]+")
    for path in sorted(each for each in root.rglob("*") if each.is_file() and each.suffix != ".lowered"):
        match = shape.fullmatch(str(path.relative_to(root)))
        if match and all(_in_range(parameters, name, value) for name, value in match.groupdict().items()):
            yield path, match.groupdict()


def _values(parameters: Mapping[str, str], name: str) -> str:
    """What values of the partition look like, as a regular expression."""
    if parameters[f"projection.{name}.type"] == "enum":
        return "|".join(map(re.escape, parameters[f"projection.{name}.values"].split(",")))
    assert parameters[f"projection.{name}.type"] == "date"
    return re.sub(r"%(\w)", lambda match: r"\d{4}" if match[1] == "Y" else r"\d{2}", _form(parameters, name))


def _in_range(parameters: Mapping[str, str], name: str, value: str) -> bool:
    """Whether Athena computes the value, where it is a date: from as far back as the projection goes until now."""
    if parameters[f"projection.{name}.type"] != "date":
        return True
    earliest, latest = parameters[f"projection.{name}.range"].split(",")
    days = re.fullmatch(r"NOW-(\d+)DAYS", earliest)
    assert days, earliest
    assert latest == "NOW"
    moment, now = datetime.strptime(value, _form(parameters, name)).replace(tzinfo=UTC), datetime.now(UTC)
    return now - timedelta(days=int(days[1])) <= moment <= now


def _form(parameters: Mapping[str, str], name: str) -> str:
    return python_dates(parameters[f"projection.{name}.format"])


def python_dates(form: str) -> str:
    """A pattern of Java's DateTimeFormatter as strftime has it: what stands in quotes is text."""
    parts = form.split("'")
    return "".join(
        part if index % 2 else re.sub("y+|M+|d+|H+", lambda match: _JAVA_DATES[match[0]], part)
        for index, part in enumerate(parts)
    )


def _rows(table: Mapping[str, Any], path: Path) -> Iterator[Mapping[str, Any]]:
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()
    if table["parameters"]["classification"] == "cloudtrail":
        assert table["storage_descriptor"]["input_format"] == "com.amazon.emr.cloudtrail.CloudTrailInputFormat"
        yield from json.loads(text)["Records"]
    else:
        assert table["storage_descriptor"]["ser_de_info"]["serialization_library"].endswith(
            "openx.data.jsonserde.JsonSerDe"
        )
        yield from (json.loads(line) for line in text.splitlines())


def _seen(row: Mapping[str, Any], columns: Mapping[str, str]) -> Mapping[str, Any]:
    """Of an object that a column takes as text, the text is its JSON."""
    lowered = {key.lower(): value for key, value in row.items()}
    return {
        name: json.dumps(value) if kind == "VARCHAR" and isinstance(value, dict | list) else _lowered(value)
        for name, kind in columns.items()
        if (value := lowered.get(name)) is not None
    }


def _lowered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key.lower(): _lowered(each) for key, each in value.items()}
    return [_lowered(each) for each in value] if isinstance(value, list) else value


def duckdb_type(kind: str) -> str:
    """A type of Hive as DuckDB writes it."""
    if inner := re.fullmatch(r"array<(.*)>", kind):
        return f"{duckdb_type(inner[1])}[]"
    if inner := re.fullmatch(r"struct<(.*)>", kind):
        fields = (field.partition(":") for field in _split(inner[1]))
        return f"STRUCT({', '.join(f'{chr(34)}{name}{chr(34)} {duckdb_type(of)}' for name, _, of in fields)})"
    return _SIMPLE[kind]


def _split(fields: str) -> Iterator[str]:
    """The fields of a struct: commas within angle brackets part none."""
    depth, start = 0, 0
    for index, character in enumerate(fields):
        depth += (character == "<") - (character == ">")
        if character == "," and depth == 0:
            yield fields[start:index]
            start = index + 1
    yield fields[start:]
