"""Tables over the inventory of the model registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import get_type_hints

from cdktf_cdktf_provider_aws.glue_catalog_database import GlueCatalogDatabase
from cdktf_cdktf_provider_aws.glue_catalog_table import GlueCatalogTable
from constructs import Construct

from modules.core.file_table import file_table
from modules.core.naming import Naming
from modules.core.projection import JSON_LINES, FileTable, each_day
from modules.core.table_grants import grant_tables
from modules.ml_platform.functions.take_inventory.snapshot import Group, Version
from modules.ml_platform.names import INVENTORY

DATABASE = INVENTORY.replace("-", "_")  # SQL takes no hyphens
ROWS: Mapping[str, type[Group | Version]] = {"groups": Group, "versions": Version}
_TYPES: Mapping[object, str] = {int: "int", int | None: "int", str: "string", str | None: "string"}


def columns(row: type[Group | Version]) -> dict[str, str]:
    """Name -> type in Glue of each field: what the function writes is what the table has."""
    hints = get_type_hints(row)
    return {field.name: _TYPES[hints[field.name]] for field in fields(row)}


class InventoryTables(Construct):
    """The database `model_inventory` with the tables `groups` and `versions`, in the bucket of the same name.

    Partitions are computed, not stored: by `day` (`2026-11-23`), as far back as `keep_days`.

    Guarantees: the columns are the fields that the function writes; a query that names days reads them alone.

    Controls: DATA-15 (NIST 800-53 CM-8).
    https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, bucket: str, keep_days: int) -> None:
        super().__init__(scope, id_)
        database = GlueCatalogDatabase(
            self, "database", name=DATABASE, description="Registered models by day: their versions, approvals and cards"
        )
        self.name = database.name
        self._tables: dict[str, GlueCatalogTable] = {}
        for table, row in ROWS.items():
            location = f"s3://{bucket}/{table}/"
            described = FileTable(
                table,
                f"The {table} of models in the registry of {naming.account}, as they were that day",
                columns(row),
                (each_day("day", "yyyy-MM-dd", keep_days),),
                location,
                "day={day}",
                JSON_LINES,
            )
            self._tables[table] = file_table(self, table, described, database=self.name)

    def grant(self, role_arn: str) -> None:
        """Let the role see the database and read its tables, where Lake Formation is in charge of the catalogue."""
        grant_tables(self, role_arn=role_arn, database=self.name, tables=self._tables)
