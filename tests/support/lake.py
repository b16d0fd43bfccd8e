"""A data domain and its readers, as tests of the data lake build them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from modules.core.handshake import Edge
from modules.data_lake.edges import READS
from modules.data_lake.reading import Reading
from modules.data_lake.settings import ConsumerPersona, Consumption, DomainLake
from tests.support.rendering import NAMING, Rendered

GOVERNANCE = replace(NAMING, environment="org", account="data-governance", account_id="999999999999")
OWNER = replace(NAMING, environment="prod", account="data-customers", account_id="333333333333")
_DOMAINS = Path(__file__).parents[2] / "environments" / "domains"
_LAKE = ("zones", "products", "pipelines", "sensitive_data")


def lake(domain: str, **changes: Any) -> DomainLake:
    """A data domain of the reference organisation, with `changes` to what its file says."""
    written = yaml.safe_load((_DOMAINS / f"{domain}.yaml").read_text(encoding="utf-8"))
    body = {key: written[key] for key in _LAKE if key in written} | changes
    return DomainLake.model_validate_json(json.dumps(body))


def reading(
    domain: str,
    settings: DomainLake,
    *,
    personas: Sequence[ConsumerPersona] = ("data-scientist", "pipeline"),
    **consumption: Any,
) -> Reading:
    """What team fraud reads of the domain in its account."""
    edge = Edge(READS, "team fraud in fraud-dev", f"domain {domain}")
    return Reading(domain, settings, Consumption(**consumption), tuple(personas), edge)


class Tags:
    """The LF-tags of a rendered catalogue, inherited as Lake Formation inherits them: database, table, column."""

    def __init__(self, rendered: Rendered) -> None:
        self._own: dict[tuple[str, ...], dict[str, str]] = {}
        names = {
            f"${{{kind}.{logical_id}.name}}": body["name"]
            for kind in ("aws_glue_catalog_database", "aws_glue_catalog_table")
            for logical_id, body in rendered.all(kind).items()
        }
        for body in rendered.all("aws_lakeformation_resource_lf_tag").values():
            tag = body["lf_tag"][0]
            self._own.setdefault(_place(body, names), {})[tag["key"]] = tag["value"]

    def own(self, *place: str) -> Mapping[str, str]:
        """What the database, table or column is tagged with itself."""
        return self._own.get(place, {})

    def of(self, *place: str) -> dict[str, str]:
        """What it carries, inherited tags included."""
        found: dict[str, str] = {}
        for depth in range(1, len(place) + 1):
            found |= self.own(*place[:depth])
        return found


def _place(body: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    def name(text: str) -> str:
        return names.get(text, text)

    if "database" in body:
        return (name(body["database"][0]["name"]),)
    if "table" in body:
        return (name(body["table"][0]["database_name"]), name(body["table"][0]["name"]))
    columns = body["table_with_columns"][0]
    return (name(columns["database_name"]), name(columns["name"]), columns["column_names"][0])
