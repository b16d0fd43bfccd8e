"""What an event amounts to, in metrics. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NAMESPACE = "mlgov/DataLake"
TABLES = "tables.json"  # generated beside this file: name of a curate job or ruleset -> `<product>.<table>`
SUCCEEDED = "SUCCEEDED"


class UnknownEventError(Exception):
    """The event is about nothing of this domain."""


def measure(event: Mapping[str, Any], domain: str, tables: Mapping[str, str]) -> list[dict[str, Any]]:
    """The metrics that an event amounts to. Raises UnknownEventError for one that is not about this domain's work."""
    kind, detail = event.get("detail-type"), event.get("detail", {})
    state = str(detail.get("state", "")).upper()
    if kind == "Data Quality Evaluation Results Available":
        return _of_quality(detail, domain, tables)
    if kind not in ("Glue Job State Change", "Glue Crawler State Change"):
        raise UnknownEventError(f"{kind} is not counted")
    if state != SUCCEEDED:
        return [_metric("Failures", 1, Domain=domain)]
    table = tables.get(str(detail.get("jobName")))
    return [_metric("Curated", 1, Domain=domain, Table=table)] if table else []


def _of_quality(detail: Mapping[str, Any], domain: str, tables: Mapping[str, str]) -> list[dict[str, Any]]:
    found = [tables[name] for name in detail.get("rulesetNames", ()) if name in tables]
    if not found:
        raise UnknownEventError(f"no table of the domain {domain} is judged by {detail.get('rulesetNames')}")
    counts = [detail.get(name, 0) for name in ("rulesSucceeded", "rulesFailed", "rulesSkipped")]
    # A run that judged rules has a score, whatever it calls its end; one that judged none has failed.
    if not sum(counts):
        return [_metric("Failures", 1, Domain=domain)]
    # As the publish gate counts: a rule that was skipped did not pass. Glue's own score leaves it out.
    return [_metric("QualityScore", counts[0] / sum(counts), Domain=domain, Table=table) for table in found]


def _metric(name: str, value: float, **dimensions: str) -> dict[str, Any]:
    return {
        "MetricName": name,
        "Dimensions": [{"Name": key, "Value": each} for key, each in dimensions.items()],
        "Value": float(value),
        "Unit": "Count" if name != "QualityScore" else "None",
    }
