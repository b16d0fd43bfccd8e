"""Tables over the copies of the exports, and over who owns which account."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.glue_catalog_table import GlueCatalogTable
from cdktf_cdktf_provider_aws.s3_object import S3Object
from constructs import Construct

from modules.core.file_table import file_table
from modules.core.projection import JSON_LINES, PARQUET, FileTable, each_month
from modules.cost_reporting.allocation import Allocation
from modules.cost_reporting.allocation_sql import OWNERS, OWNERS_TABLE, owners
from modules.cost_reporting.export_columns import CUR_2_0, FOCUS_1_0
from modules.cost_reporting.names import ALLOCATION, CUR, FOCUS, PERIOD

_EXPORTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    CUR: ("Lines of the bill by the hour and resource: CUR 2.0", CUR_2_0.columns),
    FOCUS: ("Lines of the bill in the form that all providers share: FOCUS 1.0", FOCUS_1_0.columns),
}


class ExportTables(Construct):
    """The tables `names.CUR`, `names.FOCUS` and `account_owners` in `database`, over what lies in `bucket`.

    `exports` says where each export lies: `names.CUR` or `names.FOCUS` -> the prefix below which AWS writes its folders
    of billing periods. Partitions are computed, not stored: by billing period (`2026-11`), `keep_months` back.

    Guarantees:
    - the columns are those that the exports ask for;
    - a query that names a billing period reads that period alone;
    - accounts are owned as the allocation says it.

    Controls: DATA-15 (NIST 800-53 SI-12).
    https://docs.aws.amazon.com/cur/latest/userguide/dataexports-processing.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        database: str,
        bucket: str,
        key_arn: str,
        exports: Mapping[str, str],
        keep_months: int,
        allocation: Allocation,
    ) -> None:
        super().__init__(scope, id_)
        self.tables: dict[str, GlueCatalogTable] = {}
        for name, (description, columns) in _EXPORTS.items():
            table = FileTable(
                name,
                description,
                {column.lower(): kind for column, kind in columns.items()},
                (each_month(PERIOD, "yyyy-MM", keep_months),),
                f"s3://{bucket}/{exports[name]}",
                f"{PERIOD.upper()}={{{PERIOD}}}",
                PARQUET,
            )
            self.tables[name] = file_table(self, name, table, database=database)
        lines = S3Object(
            self,
            "account-owners",
            bucket=bucket,
            key=f"{ALLOCATION}/{OWNERS_TABLE}.json",
            content=owners(allocation),
            content_type="application/x-ndjson",
            server_side_encryption="aws:kms",
            kms_key_id=key_arn,
        )
        table = FileTable(
            OWNERS_TABLE,
            "The rules of the allocation that hold for all that an account costs",
            OWNERS,
            (),
            f"s3://{bucket}/{ALLOCATION}/",
            "",
            JSON_LINES,
        )
        self.tables[OWNERS_TABLE] = file_table(self, "owners", table, database=database, after=(lines,))
