"""One table of a data product in the central catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.glue_catalog_table import (
    GlueCatalogTable,
    GlueCatalogTablePartitionKeys,
    GlueCatalogTableStorageDescriptor,
    GlueCatalogTableStorageDescriptorColumns,
    GlueCatalogTableStorageDescriptorSerDeInfo,
)
from cdktf_cdktf_provider_aws.lakeformation_data_cells_filter import (
    LakeformationDataCellsFilter,
    LakeformationDataCellsFilterTableData,
    LakeformationDataCellsFilterTableDataRowFilter,
    LakeformationDataCellsFilterTableDataRowFilterAllRowsWildcard,
)
from cdktf_cdktf_provider_aws.lakeformation_resource_lf_tag import (
    LakeformationResourceLfTagTable,
    LakeformationResourceLfTagTableWithColumns,
)
from constructs import Construct

from modules.core.lf_tags import SENSITIVITY, STAGE, Publication
from modules.data_lake.lf_tagged import LfTagged
from modules.data_lake.product_settings import Table

_HIVE = "org.apache.hadoop.hive.ql.io.parquet"


class CatalogTable(Construct):
    """The table `name` of the database `database`, kept as Parquet below `location`.

    It inherits the LF-tags of its database, `stage = draft` among them, but for what `settings` says of itself and of
    its columns. `stage` is the tag it is given at once; None leaves that to the publish gate: Terraform does not know
    the tag then, so that it never takes back what the gate decided. (Known and ignored it would not do: the provider
    crashes on a tag of another value, terraform-provider-aws 5.100.)

    Guarantees:
    - its columns are tagged before it is published;
    - a filter lets through the columns that the YAML has and the filter does not leave out, by name: none that somebody
      adds to the table in AWS;
    - what its readers see of a column goes by the column's own sensitivity;
    - statistics and the like that engines write into its parameters stay.

    Controls: DATA-13 (NIST 800-53 AC-16).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        database: str,
        name: str,
        settings: Table,
        location: str,
        stage: Publication | None,
        catalog_id: str,
        after: list[ITerraformDependable],
    ) -> None:
        super().__init__(scope, id_)
        table = GlueCatalogTable(
            self,
            "table",
            database_name=database,
            name=name,
            description=settings.description,
            table_type="EXTERNAL_TABLE",
            parameters={"EXTERNAL": "TRUE", "classification": "parquet"},
            partition_keys=[
                GlueCatalogTablePartitionKeys(
                    name=column, type=settings.columns[column].type, comment=settings.columns[column].description
                )
                for column in settings.partition_by
            ],
            storage_descriptor=GlueCatalogTableStorageDescriptor(
                location=location,
                input_format=f"{_HIVE}.MapredParquetInputFormat",
                output_format=f"{_HIVE}.MapredParquetOutputFormat",
                ser_de_info=GlueCatalogTableStorageDescriptorSerDeInfo(
                    serialization_library=f"{_HIVE}.serde.ParquetHiveSerDe",
                    parameters={"serialization.format": "1"},
                ),
                columns=[
                    GlueCatalogTableStorageDescriptorColumns(name=column, type=each.type, comment=each.description)
                    for column, each in settings.columns.items()
                    if column not in settings.partition_by
                ],
            ),
            depends_on=after,
            lifecycle=TerraformResourceLifecycle(ignore_changes=["parameters"]),
        )
        self.name = table.name  # a reference: who names the table waits for it
        self.filters: Mapping[str, ITerraformDependable] = {
            each: self._filter(each, settings, database, catalog_id) for each in sorted(settings.filters)
        }
        place = LakeformationResourceLfTagTable(database_name=database, name=self.name)
        tagged: list[ITerraformDependable] = [table]
        if settings.sensitivity is not None:
            tagged += LfTagged(self, "tags", place=place, tags={SENSITIVITY: settings.sensitivity}).resources
        for column, each in sorted(settings.columns.items()):
            if each.sensitivity is not None:
                of_column = LakeformationResourceLfTagTableWithColumns(
                    database_name=database, name=self.name, column_names=[column]
                )
                own = LfTagged(self, f"column-{column}", place=of_column, tags={SENSITIVITY: each.sensitivity})
                tagged += own.resources
        if stage is not None:
            LfTagged(self, "published", place=place, tags={STAGE: stage}, after=tagged)

    def _filter(self, name: str, table: Table, database: str, catalog_id: str) -> LakeformationDataCellsFilter:
        rows, without = table.filters[name].rows, table.filters[name].without
        return LakeformationDataCellsFilter(
            self,
            f"filter-{name}",
            table_data=[
                LakeformationDataCellsFilterTableData(
                    table_catalog_id=catalog_id,
                    database_name=database,
                    table_name=self.name,
                    name=name,
                    # By name, not all but some: what is let through stands in YAML, and a review sees it grow.
                    column_names=[column for column in sorted(table.columns) if column not in without],
                    row_filter=[
                        LakeformationDataCellsFilterTableDataRowFilter(
                            filter_expression=rows,
                            all_rows_wildcard=None
                            if rows
                            else [LakeformationDataCellsFilterTableDataRowFilterAllRowsWildcard()],
                        )
                    ],
                )
            ],
        )
