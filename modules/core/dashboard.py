"""What a dashboard of CloudWatch shows, and its body. Pure; no cdktf here.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from modules.core.errors import ConfigError

_WIDTH, _HEIGHT, _ACROSS = 12, 6, 2  # widgets of half the 24 columns
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
WIDGETS_LIMIT, GRAPH_LIMIT, METRICS_LIMIT, ALARMS_LIMIT = 500, 500, 2500, 100


@dataclass(frozen=True, slots=True)
class Metric:
    """One line of a graph. `account` is the id of the account in which it is measured; None for the dashboard's own."""

    namespace: str
    name: str
    dimensions: Mapping[str, str] = field(default_factory=dict, hash=False)
    account: str | None = None
    options: Mapping[str, object] = field(default_factory=dict, hash=False)

    def render(self) -> list[object]:
        """As CloudWatch has it: names and values in a row, then the options."""
        place = {} if self.account is None else {"accountId": self.account}
        options = {**place, **self.options}
        flat = [text for pair in self.dimensions.items() for text in pair]
        return [self.namespace, self.name, *flat, *([options] if options else [])]


@dataclass(frozen=True, slots=True)
class Expression:
    """A line that is calculated from the metrics of its graph, by their ids."""

    expression: str
    id: str
    label: str

    def render(self) -> list[object]:
        """As CloudWatch has it."""
        return [{"expression": self.expression, "id": self.id, "label": self.label}]


@dataclass(frozen=True, slots=True)
class Graph:
    """Metrics over time, each point being `stat` of `period` seconds."""

    title: str
    stat: str
    period: int
    lines: Sequence[Metric | Expression]

    kind: Literal["metric"] = "metric"

    def properties(self, region: str) -> dict[str, object]:
        """What the widget says of itself."""
        return {
            "metrics": [line.render() for line in self.lines],
            "period": self.period,
            "region": region,
            "stat": self.stat,
            "title": self.title,
            "view": "timeSeries",
        }


@dataclass(frozen=True, slots=True)
class AlarmStatus:
    """The states of alarms, of this account or others, by their ARNs."""

    title: str
    arns: Sequence[str]

    kind: Literal["alarm"] = "alarm"

    def properties(self, region: str) -> dict[str, object]:
        """What the widget says of itself; the ARNs name the region."""
        return {"alarms": list(self.arns), "title": self.title}


@dataclass(frozen=True, slots=True)
class LogTable:
    """What `query` (Logs Insights, without its sources) finds in log groups of one account."""

    title: str
    groups: Sequence[str]
    query: str
    account: str | None = None

    kind: Literal["log"] = "log"

    def properties(self, region: str) -> dict[str, object]:
        """What the widget says of itself."""
        place = {} if self.account is None else {"accountId": self.account}
        sources = " | ".join(f"SOURCE '{group}'" for group in self.groups)
        return {
            **place,
            "query": f"{sources} | {self.query}",
            "region": region,
            "title": self.title,
            "view": "table",
        }


Panel = Graph | AlarmStatus | LogTable


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard: what it is called, behind `<organisation>-<environment>-`, and its panels."""

    name: str
    panels: Sequence[Panel]

    def body(self, region: str) -> str:
        """The JSON of the dashboard. Raises ConfigError when it holds more than CloudWatch shows."""
        self._check()
        widgets = [
            {
                "type": panel.kind,
                "x": place % _ACROSS * _WIDTH,
                "y": place // _ACROSS * _HEIGHT,
                "width": _WIDTH,
                "height": _HEIGHT,
                "properties": panel.properties(region),
            }
            for place, panel in enumerate(self.panels)
        ]
        return json.dumps({"widgets": widgets}, separators=(",", ":"), sort_keys=True)

    def _check(self) -> None:
        lines = [len(panel.lines) for panel in self.panels if isinstance(panel, Graph)]
        alarms = [len(panel.arns) for panel in self.panels if isinstance(panel, AlarmStatus)]
        for what, count, limit in (
            ("widgets", len(self.panels), WIDGETS_LIMIT),
            ("metrics in one graph", max(lines, default=0), GRAPH_LIMIT),
            ("metrics", sum(lines), METRICS_LIMIT),
            ("alarms in one widget", max(alarms, default=0), ALARMS_LIMIT),
        ):
            if count > limit:
                raise ConfigError(
                    f"the dashboard {self.name} would show {count} {what}, and CloudWatch shows {limit}: "
                    "leave it to the dashboards of teams, or let accounts report to more accounts for observability"
                )
