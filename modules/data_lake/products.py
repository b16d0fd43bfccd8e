"""The databases of a data domain in the central catalogue, with their tables."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.glue_catalog_database import GlueCatalogDatabase
from cdktf_cdktf_provider_aws.lakeformation_resource_lf_tag import LakeformationResourceLfTagDatabase
from constructs import Construct

from modules.core.lf_tags import DOMAIN, LAYER, SENSITIVITIES, SENSITIVITY, STAGE, Layer, Publication, Sensitivity
from modules.core.naming import Naming
from modules.data_lake import names
from modules.data_lake.catalog_table import CatalogTable
from modules.data_lake.lf_tagged import LfTagged
from modules.data_lake.product_settings import Product, Table
from modules.data_lake.settings import DomainLake, Zone


class Products(Construct):
    """A database for each product of `settings`, and one for what crawlers find in the raw zone, if there is one.

    `owner` names things in the domain's account, where the bytes lie: `s3://<zone>/<product>/<table>/`. `filters` holds
    what stands for each filter of a table, by `<product>.<table>`; `databases` references to the databases, by name.

    Guarantees:
    - every database says whose it is, its layer, its sensitivity and its stage, and tables inherit it;
    - a table with quality rules begins as a draft, and Terraform never publishes it;
    - a table without is published once its columns are tagged, and one of a deprecated product is deprecated;
    - what lies in the raw zone is restricted and never published, as nobody has judged it.

    Controls: DATA-13 (NIST 800-53 AC-16, CM-8).
    """

    def __init__(
        self, scope: Construct, id_: str, *, naming: Naming, owner: Naming, domain: str, settings: DomainLake
    ) -> None:
        super().__init__(scope, id_)
        self.filters: dict[str, Mapping[str, ITerraformDependable]] = {}
        self.databases: dict[str, str] = {}
        self._catalog_id = naming.account_id
        self._owner, self._domain, self._settings = owner, domain, settings
        if "raw" in settings.zones:
            self._database(
                Construct(self, "raw-zone"),
                names.raw_database(domain),
                f"What crawlers found in the raw zone of {domain}",
                layer="raw",
                sensitivity=SENSITIVITIES[-1],
                stage="draft",
            )
        for name, product in sorted(settings.products.items()):
            self._product(name, product)

    def _product(self, name: str, product: Product) -> None:
        place = Construct(self, name)
        database, tagged = self._database(
            place,
            names.database(self._domain, name),
            product.description,
            layer=product.layer,
            sensitivity=product.sensitivity,
            stage="deprecated" if product.deprecated else "draft",
        )
        tables = Construct(place, "tables")
        for table_name, table in sorted(product.tables.items()):
            self.filters[f"{name}.{table_name}"] = CatalogTable(
                tables,
                table_name,
                database=database,
                name=table_name,
                settings=table,
                location=f"s3://{self._bucket(product.layer)}/{name}/{table_name}/",
                stage=_stage(product, table),
                catalog_id=self._catalog_id,
                after=tagged,
            ).filters

    def _database(
        self,
        place: Construct,
        name: str,
        description: str,
        *,
        layer: Layer,
        sensitivity: Sensitivity,
        stage: Publication,
    ) -> tuple[str, list[ITerraformDependable]]:
        """The database's name as a reference, and its tags: a table made before them would be untagged for a moment."""
        database = GlueCatalogDatabase(place, "database", name=name, description=description).name
        self.databases[name] = database
        tags = {DOMAIN: self._domain, LAYER: layer, SENSITIVITY: sensitivity, STAGE: stage}
        tagged = LfTagged(place, "tags", place=LakeformationResourceLfTagDatabase(name=database), tags=tags)
        return database, tagged.resources

    def _bucket(self, zone: Zone) -> str:
        return self._owner.bucket(names.zone_bucket(self._domain, self._settings, zone))


def _stage(product: Product, table: Table) -> Publication | None:
    if product.deprecated:
        return "deprecated"
    return None if table.quality else "published"
