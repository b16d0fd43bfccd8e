"""What AWS Data Exports delivers every day: what everything costs, in two forms."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.bcmdataexports_export import (
    BcmdataexportsExport,
    BcmdataexportsExportExport,
    BcmdataexportsExportExportDataQuery,
    BcmdataexportsExportExportDestinationConfigurations,
    BcmdataexportsExportExportDestinationConfigurationsS3Destination,
    BcmdataexportsExportExportDestinationConfigurationsS3DestinationS3OutputConfigurations,
    BcmdataexportsExportExportRefreshCadence,
)
from constructs import Construct

from modules.core.naming import Naming
from modules.cost_reporting.contract import CostExportsContract
from modules.cost_reporting.export_columns import CUR_2_0, FOCUS_1_0, ExportTable
from modules.cost_reporting.names import CUR, FOCUS

_TABLES: Mapping[str, ExportTable] = {CUR: CUR_2_0, FOCUS: FOCUS_1_0}


class DataExports(Construct):
    """Cost and Usage Report 2.0 and FOCUS 1.0, delivered to the bucket of `store`, which stands in `store_region`.

    AWS keeps exports in us-east-1 alone; the data go to the bucket's region.

    Guarantees:
    - costs are told by hour and resource, with tags, cost categories and what containers share split among them;
    - each month lies there once: a newer delivery takes the place of the older;
    - columns are those of `export_columns`, in their order, in Parquet.

    Controls: COST-07 (NIST 800-53 SA-2).
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, store: CostExportsContract, store_region: str
    ) -> None:
        super().__init__(scope, id_)
        for export, table in _TABLES.items():
            output = BcmdataexportsExportExportDestinationConfigurationsS3DestinationS3OutputConfigurations(
                compression="PARQUET", format="PARQUET", output_type="CUSTOM", overwrite="OVERWRITE_REPORT"
            )
            BcmdataexportsExport(
                self,
                export,
                export=[
                    BcmdataexportsExportExport(
                        name=naming.name(export),
                        data_query=[
                            BcmdataexportsExportExportDataQuery(
                                query_statement=table.query,
                                table_configurations={table.name: dict(table.configuration)},
                            )
                        ],
                        destination_configurations=[
                            BcmdataexportsExportExportDestinationConfigurations(
                                s3_destination=[
                                    BcmdataexportsExportExportDestinationConfigurationsS3Destination(
                                        s3_bucket=store.bucket_name,
                                        s3_prefix=export,
                                        s3_region=store_region,
                                        s3_output_configurations=[output],
                                    )
                                ]
                            )
                        ],
                        refresh_cadence=[BcmdataexportsExportExportRefreshCadence(frequency="SYNCHRONOUS")],
                    )
                ],
            )
