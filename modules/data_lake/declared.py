"""What a domain declares, as `functions/propose_tags` reads it: JSON, the same bytes every time. No cdktf here."""

from __future__ import annotations

import json
from collections.abc import Mapping

from modules.core.naming import Naming
from modules.data_lake.names import zone_bucket
from modules.data_lake.product_settings import Product, Table
from modules.data_lake.settings import DomainLake


def declared(naming: Naming, domain: str, lake: DomainLake) -> bytes:
    """The buckets of the zones, and of each table the sensitivity of it and of each of its columns."""
    document = {
        "domain": domain,
        "buckets": [naming.bucket(zone_bucket(domain, lake, zone)) for zone in lake.zones],
        "products": {
            name: {table_name: _table(product, table) for table_name, table in product.tables.items()}
            for name, product in lake.products.items()
        },
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def _table(product: Product, table: Table) -> Mapping[str, object]:
    own = table.sensitivity or product.sensitivity
    return {
        "sensitivity": own,
        "columns": {name: column.sensitivity or own for name, column in table.columns.items()},
    }
