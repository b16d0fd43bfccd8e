"""Grants of Lake Formation by name, for tables that carry no tag of the data lake."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.glue_catalog_table import GlueCatalogTable
from cdktf_cdktf_provider_aws.lakeformation_permissions import (
    LakeformationPermissions,
    LakeformationPermissionsDatabase,
    LakeformationPermissionsTable,
)
from constructs import Construct


def grant_tables(scope: Construct, *, role_arn: str, database: str, tables: Mapping[str, GlueCatalogTable]) -> None:
    """Let the role see the database and read these of its tables, where Lake Formation is in charge of the catalogue.

    Elsewhere IAM alone decides, and nobody of ours may grant anything.
    """
    LakeformationPermissions(
        scope,
        "grant-database",
        principal=role_arn,
        permissions=["DESCRIBE"],
        database=LakeformationPermissionsDatabase(name=database),
    )
    for name, table in tables.items():
        LakeformationPermissions(
            scope,
            f"grant-{name}",
            principal=role_arn,
            permissions=["DESCRIBE", "SELECT"],
            table=LakeformationPermissionsTable(database_name=database, name=table.name),
        )
