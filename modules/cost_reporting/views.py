"""Views in the database of the reports."""

from __future__ import annotations

from collections.abc import Iterable

from cdktf_cdktf_provider_aws.glue_catalog_table import (
    GlueCatalogTable,
    GlueCatalogTableStorageDescriptor,
    GlueCatalogTableStorageDescriptorColumns,
    GlueCatalogTableStorageDescriptorSerDeInfo,
)
from constructs import Construct

from modules.cost_reporting.names import DATABASE
from modules.cost_reporting.view import View


class Views(Construct):
    """`views` in the database called `database`, a reference to that of `names.DATABASE`.

    Terraform makes them as Athena would: no query has to run, and a plan shows a changed view.

    Guarantees: each view is readable by Athena, with the columns and types that it says; it holds no data of its own.

    Controls: DATA-13 (NIST 800-53 AC-6, SI-12).
    """

    def __init__(self, scope: Construct, id_: str, *, database: str, views: Iterable[View]) -> None:
        super().__init__(scope, id_)
        self.tables: dict[str, GlueCatalogTable] = {}
        for view in views:
            self.tables[view.name] = GlueCatalogTable(
                self,
                view.name.replace("_", "-"),
                database_name=database,
                name=view.name,
                description=view.description,
                table_type="VIRTUAL_VIEW",
                parameters={"presto_view": "true", "comment": "Presto View"},
                view_original_text=view.text(DATABASE),
                view_expanded_text="/* Presto View */",
                storage_descriptor=GlueCatalogTableStorageDescriptor(
                    columns=[
                        GlueCatalogTableStorageDescriptorColumns(name=name, type=kind)
                        for name, kind in view.columns.items()
                    ],
                    ser_de_info=GlueCatalogTableStorageDescriptorSerDeInfo(name="-", serialization_library="-"),
                ),
            )
