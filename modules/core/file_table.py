"""A table over files in the Glue catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.glue_catalog_table import (
    GlueCatalogTable,
    GlueCatalogTablePartitionKeys,
    GlueCatalogTableStorageDescriptor,
    GlueCatalogTableStorageDescriptorColumns,
    GlueCatalogTableStorageDescriptorSerDeInfo,
)
from constructs import Construct

from modules.core.projection import FileTable


def file_table(
    scope: Construct, id_: str, table: FileTable, *, database: str, after: Sequence[ITerraformDependable] = ()
) -> GlueCatalogTable:
    """`table` in `database`, once what is in `after` is there. All that it says is told to Glue, and nothing else."""
    return GlueCatalogTable(
        scope,
        id_,
        database_name=database,
        name=table.name,
        description=table.description,
        table_type="EXTERNAL_TABLE",
        parameters=table.parameters,
        partition_keys=[GlueCatalogTablePartitionKeys(name=each.name, type="string") for each in table.partitions],
        storage_descriptor=GlueCatalogTableStorageDescriptor(
            location=table.location,
            input_format=table.format.input,
            output_format=table.format.output,
            ser_de_info=GlueCatalogTableStorageDescriptorSerDeInfo(serialization_library=table.format.serde),
            columns=[
                GlueCatalogTableStorageDescriptorColumns(name=name, type=kind) for name, kind in table.columns.items()
            ],
        ),
        depends_on=list(after) or None,
    )
