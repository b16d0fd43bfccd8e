"""Hybrid access: for whom Lake Formation decides already, while IAM policies still do for everybody else."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.lakeformation_opt_in import (
    LakeformationOptIn,
    LakeformationOptInPrincipal,
    LakeformationOptInResourceData,
    LakeformationOptInResourceDataDatabase,
    LakeformationOptInResourceDataTable,
)
from constructs import Construct

from modules.core.naming import Naming


class OptIns(Construct):
    """The role `principal` opts in to each of `databases`, name -> reference, and to all of their tables.

    Both, as tables of another account's database count only once the database is opted in
    (https://docs.aws.amazon.com/lake-formation/latest/dg/notes-hybrid.html).

    Guarantees: what is open to others by IAM reaches this role by its grants alone.
    Controls: DATA-12 (NIST 800-53 AC-3).
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, principal: str, databases: Mapping[str, str]
    ) -> None:
        super().__init__(scope, id_)
        who = [LakeformationOptInPrincipal(data_lake_principal_identifier=principal)]
        # With the catalogue, which AWS tells of each: left out, the provider would opt in anew at every apply.
        catalog_id = naming.account_id
        for called, database in sorted(databases.items()):
            whole = LakeformationOptInResourceDataDatabase(catalog_id=catalog_id, name=database)
            tables = LakeformationOptInResourceDataTable(catalog_id=catalog_id, database_name=database, wildcard=True)
            place = Construct(self, called)
            opted_in = LakeformationOptIn(
                place, "database", principal=who, resource_data=[LakeformationOptInResourceData(database=[whole])]
            )
            LakeformationOptIn(
                place,
                "tables",
                principal=who,
                resource_data=[LakeformationOptInResourceData(table=[tables])],
                depends_on=[opted_in],
            )
