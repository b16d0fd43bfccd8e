"""From text to the declared types of a table, and the rows that do not fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from modules.data_lake.jobs.spec import DELIVERED_AT, POSITION, SOURCE_FILE, TableSpec

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

FAULTS = "_faults"
_MISFIT = "_misfit"
_NESTED = ("array<", "map<", "struct<")


def value(name: str, kind: str, delivered: Sequence[str]) -> str:
    """The SQL expression of a column of this type over its text; NULL where the text is no such value.

    A column that was not delivered is NULL. Never an overflow or a value cut short: `try_cast` gives NULL for these.
    """
    if name not in delivered:
        return f"cast(NULL as {kind})"
    if kind.startswith(_NESTED):
        # By itself, from_json makes NULL fields of what does not fit; told to keep the text, it says that it did not.
        schema, keep = f"struct<v:{kind},{_MISFIT}:string>", f"map('columnNameOfCorruptRecord', '{_MISFIT}')"
        parsed = f"""from_json(concat('{{"v":', `{name}`, '}}'), '{schema}', {keep})"""
        return f"if({parsed}.{_MISFIT} IS NULL, {parsed}.v, NULL)"
    if kind == "binary":
        return f"unbase64(`{name}`)"
    return f"try_cast(`{name}` as {kind})"


def faults(spec: TableSpec, delivered: Sequence[str]) -> str:
    """The SQL expression of what is wrong with a row, in words; an empty text when it fits."""
    found = [
        f"CASE WHEN `{name}` IS NOT NULL AND {value(name, kind, delivered)} IS NULL THEN '{name} is no {kind}' END"
        for name, kind in spec.columns
        if name in delivered and kind != "string"
    ]
    needed = {**dict.fromkeys(spec.key, "the key"), **dict.fromkeys(spec.partition_by, "the partition")}
    found += [
        f"CASE WHEN nullif(trim(`{name}`), '') IS NULL THEN '{name} is empty, and {what} needs it' END"
        if name in delivered
        else f"'{name} was not delivered, and {what} needs it'"
        for name, what in needed.items()
    ]
    return f"concat_ws('; ', {', '.join(found)})" if found else "''"


def judged(raw: DataFrame, spec: TableSpec) -> DataFrame:
    """The rows of `raw` with what is wrong with each in the column FAULTS."""
    return raw.selectExpr("*", f"{faults(spec, raw.columns)} AS {FAULTS}")


def fitting(rows: DataFrame, spec: TableSpec) -> DataFrame:
    """Of judged rows those without a fault, in the declared types, with what says which of two is the later one."""
    columns = [f"{value(name, kind, rows.columns)} AS `{name}`" for name, kind in spec.columns]
    return rows.where(f"{FAULTS} = ''").selectExpr(*columns, DELIVERED_AT, SOURCE_FILE, POSITION)


def unfit(rows: DataFrame) -> DataFrame:
    """Of judged rows those with a fault, as they came."""
    return rows.where(f"{FAULTS} <> ''")
