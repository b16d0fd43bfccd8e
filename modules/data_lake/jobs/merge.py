"""New rows into a table that has some already."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from modules.data_lake.jobs.spec import DELIVERED_AT, POSITION, SOURCE_FILE, TableSpec

_IDENTITY, _RANK = "_identity", "_rank"


def latest(rows: DataFrame, spec: TableSpec) -> DataFrame:
    """Of the rows of one identity the one that was delivered last, in the columns of the table."""
    later = [F.col(name).desc() for name in (DELIVERED_AT, SOURCE_FILE, POSITION)]
    ranked = _identified(rows, spec).withColumn(
        _RANK, F.row_number().over(Window.partitionBy(_IDENTITY).orderBy(later))
    )
    return ranked.where(F.col(_RANK) == 1).select(*_names(spec))


def merged(existing: DataFrame, new: DataFrame, spec: TableSpec) -> DataFrame:
    """What the table, or the partitions of it that `new` touches, will hold: a new row replaces one of its identity.

    `new` holds one row of each identity. Merging the same rows again changes nothing.
    """
    if spec.by_partition:
        touched = F.broadcast(new.select(*spec.partition_by).distinct())
        existing = existing.join(touched, list(spec.partition_by), "left_semi")
    replaced = _identified(new, spec).select(_IDENTITY)
    kept = _identified(existing, spec).join(replaced, _IDENTITY, "left_anti")
    return kept.select(*_names(spec)).unionByName(new.select(*_names(spec)))


def _names(spec: TableSpec) -> list[str]:
    return [name for name, _ in spec.columns]


def _identified(rows: DataFrame, spec: TableSpec) -> DataFrame:
    # As text: Spark compares no maps, and NULL would equal nothing.
    return rows.withColumn(_IDENTITY, F.to_json(F.struct(*spec.identity)))
