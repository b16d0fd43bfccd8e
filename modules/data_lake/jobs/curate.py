"""The curate job of a table: from text in the raw zone to rows of the declared types, each once.

Bytes go to the domain's own zone as the job's role; partitions go to the central catalogue, where Lake Formation judges
the job's role by its grants. Writing bytes through Lake Formation would need the permission SUPER on the table
(https://docs.aws.amazon.com/glue/latest/dg/security-access-control-fta.html), which nobody is given here.

A run that dies while it overwrites must not lose rows. So what the table shall hold is written to `staging` first,
whole, and marked as complete; the next run finishes what is marked before it does anything else.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from pyspark.sql import DataFrame, SparkSession

from modules.data_lake.jobs.counts import Counts
from modules.data_lake.jobs.merge import latest, merged
from modules.data_lake.jobs.partitions import Catalogue, partitions
from modules.data_lake.jobs.spec import TableSpec
from modules.data_lake.jobs.storage import S3Storage, Storage
from modules.data_lake.jobs.typed import fitting, judged, unfit


def curate(
    spark: SparkSession,
    storage: Storage,
    catalogue: Catalogue,
    spec: TableSpec,
    raw: DataFrame | None,
    started: datetime,
    tell: Callable[[Counts], None],
) -> None:
    """Merge the rows of `raw` (None: nothing new) into the table.

    Rows that do not fit go to the quarantine. Raises TooManyRejectedError, with the table as it was, when that is too
    many of them.
    """
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    finish(spark, storage, catalogue, spec)
    if raw is None:
        tell(Counts(0, 0))
        return
    rows = judged(raw, spec).persist()
    rejected = unfit(rows)
    counts = Counts(rows.count(), rejected.count())
    tell(counts)
    if counts.rejected:
        quarantine = f"{spec.quarantine}curate/{started:%Y%m%dT%H%M%SZ}/"
        rejected.write.mode("overwrite").json(quarantine)
        counts.check(spec, quarantine)
    if counts.rejected == counts.read:
        return
    new = latest(fitting(rows, spec), spec)
    merged(_table(spark, storage, spec), new, spec).write.mode("overwrite").parquet(_data(spec))
    storage.write(_complete(spec), f"{started:%Y-%m-%dT%H:%M:%SZ}\n")
    finish(spark, storage, catalogue, spec)


def finish(spark: SparkSession, storage: Storage, catalogue: Catalogue, spec: TableSpec) -> None:
    """Write what is staged and complete to the table, and clear the stage. Doing it again changes nothing."""
    staged = storage.files(spec.staging)
    if _complete(spec) in staged:
        frame = spark.read.schema(_schema(spec)).parquet(_data(spec))
        writer = frame.repartition(*spec.partition_by) if spec.partition_by else frame
        mode = "dynamic" if spec.by_partition else "static"
        writer.write.mode("overwrite").option("partitionOverwriteMode", mode).partitionBy(*spec.partition_by).parquet(
            spec.target
        )
        if spec.partition_by:
            catalogue.keep(spec, partitions(storage.files(spec.target), spec))
        storage.delete([_complete(spec)])  # first: what is half deleted must not look complete
    storage.delete([file for file in staged if file != _complete(spec)])


def _table(spark: SparkSession, storage: Storage, spec: TableSpec) -> DataFrame:
    if not storage.files(spec.target):
        return spark.range(0).selectExpr(*(f"cast(NULL AS {kind}) AS `{name}`" for name, kind in spec.columns))
    return spark.read.schema(_schema(spec)).parquet(spec.target)


def _schema(spec: TableSpec) -> str:
    return ", ".join(f"`{name}` {kind}" for name, kind in spec.columns)


def _data(spec: TableSpec) -> str:
    return f"{spec.staging}data/"


def _complete(spec: TableSpec) -> str:
    return f"{spec.staging}complete"


def main(arguments: list[str]) -> None:
    """What Glue runs: what the raw zone got since the bookmark, which moves on when the table holds it."""
    import boto3
    from awsglue.context import GlueContext
    from awsglue.job import Job
    from awsglue.utils import getResolvedOptions
    from pyspark.context import SparkContext

    logging.basicConfig(level=logging.INFO, stream=sys.stdout)
    options = getResolvedOptions(arguments, ["JOB_NAME", "spec", "catalog_id"])
    storage = S3Storage(boto3.client("s3"))
    spec = TableSpec.from_json(storage.read(options["spec"]))
    glue = GlueContext(SparkContext.getOrCreate())
    job = Job(glue)
    job.init(options["JOB_NAME"], options)
    delivered = glue.create_dynamic_frame.from_options(
        connection_type="s3",
        connection_options={"paths": [spec.raw], "recurse": True},
        format="parquet",
        transformation_ctx="raw",
    ).toDF()
    metrics = boto3.client("cloudwatch")
    curate(
        glue.spark_session,
        storage,
        Catalogue(boto3.client("glue"), options["catalog_id"]),
        spec,
        delivered if delivered.columns else None,  # Glue gives no columns where there is nothing new
        datetime.now(UTC),
        lambda counts: counts.tell(metrics, spec, "Curate"),
    )
    job.commit()


if __name__ == "__main__":
    main(sys.argv)
