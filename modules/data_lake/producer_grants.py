"""What a data domain's own jobs and crawlers are granted, in the domain's part of the central catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from constructs import Construct

from modules.core.handshake import Edge
from modules.core.lf_tags import DOMAIN, LAYER, Layer
from modules.core.naming import Naming
from modules.core.wiring import holder
from modules.data_lake import names
from modules.data_lake.grant import Grant, Location, Tagged
from modules.data_lake.grants import Grants
from modules.data_lake.settings import DomainLake, Zone


class ProducerGrants(Construct):
    """Grants to the roles `<domain>-job` and `<domain>-crawler` in the account that `owner` names.

    `zones` are the ARNs of the registered zones, as references; `produces` is the edge whose side "grants" this is.

    Guarantees:
    - both work on what carries the domain's tag, drafts included, and on nothing of another domain;
    - the crawler makes and alters tables of the raw layer alone, and reads nothing through Lake Formation but those;
    - the job reads the raw layer, reads, writes and alters the tables of its products, and makes and drops none;
    - who makes or alters tables may point them at the zones of their layer and nowhere else.

    Controls: DATA-12, DATA-13 (NIST 800-53 AC-3, AC-5, AC-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        owner: Naming,
        domain: str,
        settings: DomainLake,
        zones: Mapping[Zone, str],
        produces: Edge,
    ) -> None:
        super().__init__(scope, id_)
        layers = sorted({product.layer for product in settings.products.values()})
        job, crawler = (owner.role_arn(names.domain_role(domain, what)) for what in ("job", "crawler"))
        catalog_id = naming.account_id
        worked_up, raw = _tables(domain, *layers), _tables(domain, "raw")
        grants = {
            "job-databases": Grant(job, ("DESCRIBE",), _databases(domain, *layers), catalog_id),
            "job-tables": Grant(job, ("ALTER", "DESCRIBE", "INSERT", "SELECT"), worked_up, catalog_id),
            **dict(_places(job, "job", layers, zones, catalog_id)),
        }
        if "raw" in zones:
            grants |= {
                "job-raw-databases": Grant(job, ("DESCRIBE",), _databases(domain, "raw"), catalog_id),
                "job-raw-tables": Grant(job, ("DESCRIBE", "SELECT"), raw, catalog_id),
                "crawler-databases": Grant(
                    crawler, ("CREATE_TABLE", "DESCRIBE"), _databases(domain, "raw"), catalog_id
                ),
                "crawler-tables": Grant(crawler, ("ALTER", "DESCRIBE", "SELECT"), raw, catalog_id),
                **dict(_places(crawler, "crawler", ["raw"], zones, catalog_id)),
            }
        Grants(self, "grants", naming=naming, grants=grants)
        produces.render(holder(self), "grants")


def _databases(domain: str, *layers: Layer) -> Tagged:
    return Tagged("DATABASE", {DOMAIN: (domain,), LAYER: layers})


def _tables(domain: str, *layers: Layer) -> Tagged:
    return Tagged("TABLE", {DOMAIN: (domain,), LAYER: layers})


def _places(
    principal: str, who: str, layers: Sequence[Zone], zones: Mapping[Zone, str], catalog_id: str
) -> Iterator[tuple[str, Grant]]:
    for layer in layers:
        yield (
            f"{who}-location-{layer}",
            Grant(principal, ("DATA_LOCATION_ACCESS",), Location(zones[layer]), catalog_id),
        )
