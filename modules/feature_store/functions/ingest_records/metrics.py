"""What a run tells CloudWatch, as a line of its log (embedded metric format). Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

NAMESPACE = "mlgov/FeatureStore"


@dataclass(slots=True)
class Tally:
    """What became of the records of one run.

    `fresh` are those written within the group's freshness of their event time; `lags` their distance, in seconds.
    """

    written: int = 0
    fresh: int = 0
    duplicates: int = 0
    retried: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    lags: list[float] = field(default_factory=list)

    def lines(self, group: str, now: float) -> Iterator[str]:
        """One line for the group, and one for each rule that was broken."""
        counts = {
            "Written": self.written,
            "Fresh": self.fresh,
            "Duplicates": self.duplicates,
            "Retried": self.retried,
            "Refused": self.refused.total(),
        }
        units = {name: "Count" for name in counts} | ({"LagSeconds": "Seconds"} if self.lags else {})
        lags = {"LagSeconds": self.lags} if self.lags else {}
        yield _line(now, units, {"FeatureGroup": group}, {**counts, **lags})
        for rule in sorted(self.refused):
            dimensions = {"FeatureGroup": group, "Rule": rule}
            yield _line(now, {"RefusedByRule": "Count"}, dimensions, {"RefusedByRule": self.refused[rule]})


def _line(now: float, units: dict[str, str], dimensions: dict[str, str], values: dict[str, object]) -> str:
    directive = {
        "Namespace": NAMESPACE,
        "Dimensions": [list(dimensions)],
        "Metrics": [{"Name": name, "Unit": unit} for name, unit in units.items()],
    }
    metadata = {"Timestamp": int(now * 1000), "CloudWatchMetrics": [directive]}
    return json.dumps({"_aws": metadata, **dimensions, **values}, separators=(",", ":"))
