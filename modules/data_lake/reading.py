"""What a team reads of a data domain: its databases, and of their tables what it sees. No cdktf here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from modules.core.handshake import Edge
from modules.core.lf_tags import up_to
from modules.data_lake import names
from modules.data_lake.product_settings import Product, Table
from modules.data_lake.settings import ConsumerPersona, Consumption, DomainLake


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A table as a team sees it: its columns without those beyond the team's clearance, in their order."""

    product: str
    name: str
    database: str
    columns: tuple[str, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class Reading:
    """What a team reads of `domain` as `personas`, once the domain has published it. `edge` is the way to it."""

    domain: str
    lake: DomainLake
    consumption: Consumption
    personas: tuple[ConsumerPersona, ...]
    edge: Edge

    @property
    def databases(self) -> tuple[str, ...]:
        """The databases of which something is read, by name."""
        return tuple(sorted(names.database(self.domain, product) for product, _ in self._products()))

    @property
    def tables(self) -> tuple[ReadTable, ...]:
        """The tables of products that are not deprecated, of which at least one column is seen; by product and name."""
        found = []
        for product_name, product in self._products():
            for name, table in sorted(product.tables.items()):
                columns = self._columns(product_name, product, name, table)
                if columns and not product.deprecated:
                    database = names.database(self.domain, product_name)
                    found.append(ReadTable(product_name, name, database, columns, table))
        return tuple(found)

    def _products(self) -> Iterator[tuple[str, Product]]:
        """Those of the layers that are read, and those of which a part is read by name."""
        in_part = {name.partition(".")[0] for name in self.consumption.filters}
        return (
            (name, product)
            for name, product in sorted(self.lake.products.items())
            if product.layer in self.consumption.layers or name in in_part
        )

    def _columns(self, product_name: str, product: Product, name: str, table: Table) -> tuple[str, ...]:
        """By clearance, and beside that what the owner's filter leaves."""
        cleared = up_to(self.consumption.sensitivity) if product.layer in self.consumption.layers else ()
        of_table = table.sensitivity or product.sensitivity
        filtered = self.consumption.filters.get(f"{product_name}.{name}")
        left_out = set(table.filters[filtered].without) if filtered else set(table.columns)
        return tuple(
            column
            for column, settings in table.columns.items()
            if (settings.sensitivity or of_table) in cleared or column not in left_out
        )
