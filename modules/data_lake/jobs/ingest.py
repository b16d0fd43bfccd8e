"""The ingest job of a table: from what somebody dropped to text in the raw zone.

What was dropped is taken from `incoming/` once its rows are in the raw zone, so no bookmark is needed: a job that
fails half-way reads the same files again, and the curate job keeps each row once.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from modules.data_lake.jobs.counts import Counts
from modules.data_lake.jobs.spec import INGEST_DATE, TableSpec
from modules.data_lake.jobs.storage import S3Storage, Storage
from modules.data_lake.jobs.text import CORRUPT, read_as_text


def ingest(
    spark: SparkSession, storage: Storage, spec: TableSpec, started: datetime, tell: Callable[[Counts], None]
) -> None:
    """Read all that lies in `incoming`, write it to the raw zone under the day it was ingested, and take it away.

    What is no row at all goes to the quarantine. Raises TooManyRejectedError, and takes nothing away, when that is too
    much of it.
    """
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    files = storage.files(spec.incoming)
    if not files:
        tell(Counts(0, 0))
        return
    rows = read_as_text(spark, spec.format, files).persist()
    broken = rows.where(F.col(CORRUPT).isNotNull())
    counts = Counts(rows.count(), broken.count())
    tell(counts)
    if counts.rejected:
        quarantine = f"{spec.quarantine}ingest/{started:%Y%m%dT%H%M%SZ}/"
        broken.write.mode("overwrite").json(quarantine)
        counts.check(spec, quarantine)
    sound = rows.where(F.col(CORRUPT).isNull()).drop(CORRUPT)
    sound.write.mode("append").parquet(f"{spec.raw}{INGEST_DATE}={started:%Y-%m-%d}/")
    storage.delete(files)


def main(arguments: list[str]) -> None:
    """What Glue runs."""
    import boto3
    from awsglue.context import GlueContext
    from awsglue.utils import getResolvedOptions
    from pyspark.context import SparkContext

    logging.basicConfig(level=logging.INFO, stream=sys.stdout)
    storage = S3Storage(boto3.client("s3"))
    spec = TableSpec.from_json(storage.read(getResolvedOptions(arguments, ["spec"])["spec"]))
    spark = GlueContext(SparkContext.getOrCreate()).spark_session
    metrics = boto3.client("cloudwatch")
    ingest(spark, storage, spec, datetime.now(UTC), lambda counts: counts.tell(metrics, spec, "Ingest"))


if __name__ == "__main__":
    main(sys.argv)
