"""What a team that reads a data domain is granted, in the domain's own catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf import ITerraformDependable
from constructs import Construct

from modules.core.errors import ConfigError
from modules.core.lf_tags import DOMAIN, LAYER, SENSITIVITY, STAGE, up_to
from modules.core.naming import Naming
from modules.core.wiring import holder
from modules.data_lake import names
from modules.data_lake.grant import Grant, Part, Tagged
from modules.data_lake.grants import Grants
from modules.data_lake.reading import Reading

Filters = Mapping[str, Mapping[str, ITerraformDependable]]  # <product>.<table> -> filter -> what stands for it


class ReaderGrants(Construct):
    """What `reading` says, granted to the team's roles in the account that `reader` names; side "grants" of its edge.

    Tables are granted by their tags, never by name: one that is published, in a layer and up to the sensitivity that
    the team reads, is there for it, with the columns that are no more sensitive. Databases by domain and layer alone:
    no more is told of one than what it is called. Of `filters`, the domain's, those that the team has are granted.

    Guarantees:
    - a draft or deprecated table, and a column beyond the clearance, is granted to nobody;
    - a role is granted DESCRIBE on databases, DESCRIBE and SELECT on tables, SELECT on a filter, and nothing else;
    - of a table beyond the clearance it reads what the owner's filter leaves, if it was given one.

    Controls: DATA-12, DATA-13 (NIST 800-53 AC-3, AC-6, AC-16).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        reader: Naming,
        team: str,
        reading: Reading,
        filters: Filters,
    ) -> None:
        super().__init__(scope, id_)
        roles = {who: reader.role_arn(names.consumer_role(team, who)) for who in sorted(reading.personas)}
        catalog_id = naming.account_id
        by_tags: dict[str, Grant] = {}
        for who, arn in roles.items():
            by_tags[f"{who}-databases"] = Grant(arn, ("DESCRIBE",), _databases(reading), catalog_id)
            by_tags[f"{who}-tables"] = Grant(arn, ("DESCRIBE", "SELECT"), _tables(reading), catalog_id)
        Grants(self, "by-tags", naming=naming, grants=by_tags)
        for place, filter_ in sorted(reading.consumption.filters.items()):
            part, existing = _part(reading, place, filter_, filters)
            by_name = {str(who): Grant(arn, ("SELECT",), part, catalog_id) for who, arn in roles.items()}
            Grants(self, f"part-{place.replace('.', '-')}", naming=naming, grants=by_name, after=[existing])
        reading.edge.render(holder(self), "grants")


def _databases(reading: Reading) -> Tagged:
    in_part = {reading.lake.products[place.partition(".")[0]].layer for place in reading.consumption.filters}
    return Tagged("DATABASE", {DOMAIN: (reading.domain,), LAYER: sorted({*reading.consumption.layers, *in_part})})


def _tables(reading: Reading) -> Tagged:
    read = reading.consumption
    return Tagged(
        "TABLE",
        {
            DOMAIN: (reading.domain,),
            LAYER: read.layers,
            SENSITIVITY: up_to(read.sensitivity),
            STAGE: ("published",),
        },
    )


def _part(reading: Reading, place: str, filter_: str, filters: Filters) -> tuple[Part, ITerraformDependable]:
    existing = filters.get(place, {}).get(filter_)
    if existing is None:
        raise ConfigError(f"the domain {reading.domain} has no filter {filter_} on a table {place}")
    product, _, table = place.partition(".")
    return Part(names.database(reading.domain, product), table, filter_), existing
