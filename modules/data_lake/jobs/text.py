"""Deliveries as text: every value of a CSV, JSON or Parquet file as it came, unjudged.

The raw zone holds text only, so that no delivery conflicts with an earlier one: types are judged in one place, by the
curate job. What is no row at all (too few fields, broken JSON) is told apart by the column `CORRUPT`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from pyspark.sql import Column, DataFrame, DataFrameReader, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, BinaryType, DataType, MapType, StringType, StructField, StructType

from modules.data_lake.jobs.delivered_names import literal, plain_names
from modules.data_lake.jobs.spec import DELIVERED_AT, POSITION, SOURCE_FILE

CORRUPT = "_corrupt"
_INSTANT = "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'"  # the session's time zone is UTC; as text it sorts like the time
# A quoted field may hold line breaks and doubled quotes (RFC 4180).
_CSV: dict[str, bool | str] = {"multiLine": True, "escape": '"'}


def read_as_text(spark: SparkSession, kind: str, files: Sequence[str]) -> DataFrame:
    """Every row of `files` as text, with `CORRUPT` and where it came from. `kind`: csv, json or parquet.

    Expects the session's time zone to be UTC. Raises UnreadableDeliveryError as `plain_names` does.
    """
    return {"csv": _csv, "json": _json, "parquet": _parquet}[kind](spark, [literal(file) for file in files])


def _csv(spark: SparkSession, files: Sequence[str]) -> DataFrame:
    # A reader takes one header for all of its files: those with another one would be misread in silence.
    by_header: dict[tuple[str, ...], list[str]] = {}
    for file in files:
        # Not multiLine: Spark would read the file whole to see its columns, and take its name as a pattern again.
        first = spark.read.option("escape", '"').csv(file).limit(1).collect()
        if first:  # an empty file has no header and no rows
            by_header.setdefault(tuple(name or "" for name in first[0]), []).append(file)
    # A pruned reader does not look at every field, and would call a broken row good.
    spark.conf.set("spark.sql.csv.parser.columnPruning.enabled", "false")
    frames = []
    for header, group in by_header.items():
        names = plain_names(header, ", ".join(group))
        frame = _permissive(spark, names).options(header=True, **_CSV).csv(group)
        frames.append(frame.select(*names, CORRUPT, *_origin()))
    return reduce(lambda one, other: one.unionByName(other, allowMissingColumns=True), frames, _nothing(spark))


def _json(spark: SparkSession, files: Sequence[str]) -> DataFrame:
    inferred = spark.read.options(primitivesAsString=True, columnNameOfCorruptRecord=CORRUPT).json(list(files))
    fields = [name for name in inferred.columns if name != CORRUPT]
    names = plain_names(fields, ", ".join(files))
    # Read again as text: what is nested keeps its own words, and numbers keep their digits.
    frame = _permissive(spark, fields).json(list(files))
    columns = [_column(field).alias(name) for field, name in zip(fields, names, strict=True)]
    return frame.select(*columns, CORRUPT, *_origin())


def _parquet(spark: SparkSession, files: Sequence[str]) -> DataFrame:
    frame = spark.read.option("mergeSchema", True).parquet(*files)
    names = plain_names(frame.columns, ", ".join(files))
    columns = [_text_of(field).alias(name) for field, name in zip(frame.schema.fields, names, strict=True)]
    return frame.select(*columns, F.lit(None).cast("string").alias(CORRUPT), *_origin())


def _permissive(spark: SparkSession, fields: Sequence[str]) -> DataFrameReader:
    """A reader of text in these fields, which keeps what is no row in `CORRUPT`."""
    schema = StructType([StructField(name, StringType()) for name in (*fields, CORRUPT)])
    return spark.read.schema(schema).options(mode="PERMISSIVE", columnNameOfCorruptRecord=CORRUPT)


def _nothing(spark: SparkSession) -> DataFrame:
    texts = [f"cast(NULL AS string) AS {name}" for name in (CORRUPT, DELIVERED_AT, SOURCE_FILE)]
    return spark.range(0).selectExpr(*texts, f"id AS {POSITION}")


def _origin() -> list[Column]:
    """When and where a row came from. Within a file, rows keep their order in POSITION."""
    return [
        F.date_format("_metadata.file_modification_time", _INSTANT).alias(DELIVERED_AT),
        F.col("_metadata.file_path").alias(SOURCE_FILE),
        F.monotonically_increasing_id().alias(POSITION),
    ]


def _column(name: str) -> Column:
    return F.col("`" + name.replace("`", "``") + "`")


def _text_of(field: StructField) -> Column:
    kind: DataType = field.dataType
    if isinstance(kind, ArrayType | MapType | StructType):
        return F.to_json(_column(field.name))
    if isinstance(kind, BinaryType):
        return F.base64(_column(field.name))
    return _column(field.name).cast("string")
