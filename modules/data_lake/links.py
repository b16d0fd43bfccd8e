"""Links in an account's own catalogue to databases of another account's, through which queries find them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from cdktf_cdktf_provider_aws.glue_catalog_database import GlueCatalogDatabase, GlueCatalogDatabaseTargetDatabase
from cdktf_cdktf_provider_aws.lakeformation_permissions import (
    LakeformationPermissions,
    LakeformationPermissionsDatabase,
)
from constructs import Construct

from modules.core.naming import Naming
from modules.data_lake import names


class ResourceLinks(Construct):
    """A link to each of `databases` in the catalogue of the account `catalog_id`, which `readers` may find.

    `readers` are roles of this account: `what` of their names. `user` is for an account in which several work, whose
    links must not be called alike: whose these are (`names.link`). `names` tells what a database is called here.

    A link gives no access: what is behind it its owner grants, to these roles. So nobody gets more than DESCRIBE on
    it: other permissions are on what it leads to, which is another account's
    (https://docs.aws.amazon.com/lake-formation/latest/dg/granting-catalog-permissions.html). The grant is on the
    database alone: the provider cannot read one on the tables of a link (terraform-provider-aws #46951).

    Guarantees:
    - a link leads to the database of its name in the catalogue of `catalog_id`, and to no other;
    - its readers may describe the link, nothing else, and pass nothing on;
    - a database of the account's own catalogue gets no link: it is there already.

    Controls: DATA-12 (NIST 800-53 AC-3, AC-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        catalog_id: str,
        databases: Collection[str],
        readers: Collection[str],
        user: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._catalog_id, self._readers = naming, catalog_id, sorted(readers)
        self.names: Mapping[str, str] = {
            database: database if catalog_id == naming.account_id else self._link(database, names.link(database, user))
            for database in sorted(databases)
        }

    def _link(self, database: str, called: str) -> str:
        """Returns the link's name as a reference: what queries through the link waits for it."""
        place = Construct(self, database)
        target = GlueCatalogDatabaseTargetDatabase(catalog_id=self._catalog_id, database_name=database)
        name = GlueCatalogDatabase(place, "link", name=called, target_database=target).name
        for reader in self._readers:
            LakeformationPermissions(
                place,
                f"describe-{reader}",
                principal=self._naming.role_arn(reader),
                permissions=["DESCRIBE"],
                database=LakeformationPermissionsDatabase(name=name, catalog_id=self._naming.account_id),
            )
        return name
