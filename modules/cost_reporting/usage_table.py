"""The table over the rows of the inventory of usage."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.glue_catalog_table import (
    GlueCatalogTable,
    GlueCatalogTablePartitionKeys,
    GlueCatalogTableStorageDescriptor,
    GlueCatalogTableStorageDescriptorColumns,
    GlueCatalogTableStorageDescriptorSerDeInfo,
)
from constructs import Construct

from modules.core.iam import policy_variable
from modules.cost_reporting.functions.list_usage.rows import columns
from modules.cost_reporting.names import USAGE


class UsageTable(Construct):
    """The table `names.USAGE` of the database `database`, over what lies below the prefix of that name in `bucket`.

    Partitions are computed, not stored: by `dt` (`2026-11-23`) and `hour` (`09`, in UTC), as far back as `keep_days`.

    Guarantees: the columns are the fields that the function writes; a query that names days reads them alone.

    Controls: DATA-15 (NIST 800-53 CM-8).
    https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
    """

    def __init__(self, scope: Construct, id_: str, *, database: str, bucket: str, keep_days: int) -> None:
        super().__init__(scope, id_)
        location = f"s3://{bucket}/{USAGE}/"
        GlueCatalogTable(
            self,
            "table",
            database_name=database,
            name=USAGE,
            description="What accounts have in SageMaker, hour by hour: one row for each thing in each hour",
            table_type="EXTERNAL_TABLE",
            parameters={
                "EXTERNAL": "TRUE",
                "classification": "json",
                "projection.enabled": "true",
                "projection.dt.type": "date",
                "projection.dt.format": "yyyy-MM-dd",
                "projection.dt.interval": "1",
                "projection.dt.interval.unit": "DAYS",
                "projection.dt.range": f"NOW-{keep_days}DAYS,NOW",
                "projection.hour.type": "integer",
                "projection.hour.range": "0,23",
                "projection.hour.digits": "2",
                "storage.location.template": (f"{location}dt={policy_variable('dt')}/hour={policy_variable('hour')}/"),
            },
            partition_keys=[GlueCatalogTablePartitionKeys(name=name, type="string") for name in ("dt", "hour")],
            storage_descriptor=GlueCatalogTableStorageDescriptor(
                location=location,
                input_format="org.apache.hadoop.mapred.TextInputFormat",
                output_format="org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
                ser_de_info=GlueCatalogTableStorageDescriptorSerDeInfo(
                    serialization_library="org.openx.data.jsonserde.JsonSerDe"
                ),
                columns=[
                    GlueCatalogTableStorageDescriptorColumns(name=name, type=kind) for name, kind in columns().items()
                ],
            ),
        )
