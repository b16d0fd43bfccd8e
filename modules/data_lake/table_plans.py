"""What is done with each table of a domain, and what the things that do it are called. No cdktf here."""

from __future__ import annotations

from dataclasses import dataclass

from modules.core.naming import Naming
from modules.data_lake import names
from modules.data_lake.jobs.spec import TableSpec
from modules.data_lake.product_settings import Product, Quality, Source
from modules.data_lake.settings import DomainLake, Zone


@dataclass(frozen=True, slots=True)
class TablePlan:
    """A table that jobs fill (`spec`), that is judged (`quality`), or both.

    `id` is unique in the domain, `called` is `<product>.<table>`. `ingest`, `curate` and `ruleset` are the names of its
    jobs and rules, should it have them. `database` is its database in the central catalogue, `link` the link to that.
    """

    id: str
    called: str
    table: str
    database: str
    link: str
    ingest: str
    curate: str
    ruleset: str
    spec: TableSpec | None
    quality: Quality | None


def table_plans(naming: Naming, domain: str, lake: DomainLake, user: str | None) -> tuple[TablePlan, ...]:
    """Every table of the domain with a source or rules of quality, sorted. `user` as in `names.link`."""
    return tuple(
        _plan(naming, domain, lake, product, table, user)
        for product, each in sorted(lake.products.items())
        for table, body in sorted(each.tables.items())
        if body.source or body.quality
    )


def _plan(naming: Naming, domain: str, lake: DomainLake, product: str, table: str, user: str | None) -> TablePlan:
    settings = lake.products[product].tables[table]
    id_, database = names.of_table(domain, product, table), names.database(domain, product)
    return TablePlan(
        id=id_,
        called=f"{product}.{table}",
        table=table,
        database=database,
        link=names.link(database, user),
        ingest=naming.name(f"{id_}-ingest", limit=names.GLUE_LIMIT),
        curate=naming.name(f"{id_}-curate", limit=names.GLUE_LIMIT),
        ruleset=names.ruleset(naming, domain, product, table),
        spec=_spec(naming, domain, lake, product, table, settings.source) if settings.source else None,
        quality=settings.quality,
    )


def _spec(naming: Naming, domain: str, lake: DomainLake, product: str, table: str, source: Source) -> TableSpec:
    def folder(zone: Zone, first: str = "") -> str:
        return f"s3://{naming.bucket(names.zone_bucket(domain, lake, zone))}/{first}{product}/{table}/"

    owner: Product = lake.products[product]
    settings = owner.tables[table]
    return TableSpec(
        domain=domain,
        product=product,
        table=table,
        format=source.format,
        columns=tuple((name, column.type) for name, column in settings.columns.items()),
        key=settings.key,
        partition_by=settings.partition_by,
        max_rejected=lake.pipelines.max_rejected,
        database=names.database(domain, product),
        incoming=folder("raw", names.INCOMING),
        raw=folder("raw"),
        quarantine=folder("raw", names.QUARANTINE),
        staging=folder("raw", names.STAGING),
        target=folder(owner.layer),
    )
