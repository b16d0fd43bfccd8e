"""A dashboard shows what it is made of, and no more than CloudWatch can."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modules.core.dashboard import AlarmStatus, Board, Expression, Graph, LogTable, Metric
from modules.core.errors import ConfigError
from modules.observability.dashboards import Dashboards
from tests.support.rendering import NAMING, render

LINE = Metric("AWS/SQS", "Age", {"QueueName": "q"}, "333333333333", {"label": "q"})


def _widgets(*panels: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(Board("b", panels).body("eu-west-1"))["widgets"]
    return found


def test_panels_stand_two_in_a_row() -> None:
    """In their order, each half as wide as the board."""
    graph = Graph("t", "Sum", 60, [LINE])
    assert [(each["x"], each["y"], each["width"]) for each in _widgets(graph, graph, graph)] == [
        (0, 0, 12),
        (12, 0, 12),
        (0, 6, 12),
    ]


def test_a_metric_of_another_account_says_which() -> None:
    """Its options come last, after names and values; one of the dashboard's own account has none."""
    own, sum_ = Metric("AWS/SQS", "Age"), Expression("a + b", "c", "Both")
    (widget,) = _widgets(Graph("t", "Sum", 60, [LINE, own, sum_]))
    assert widget["properties"]["metrics"] == [
        ["AWS/SQS", "Age", "QueueName", "q", {"accountId": "333333333333", "label": "q"}],
        ["AWS/SQS", "Age"],
        [{"expression": "a + b", "id": "c", "label": "Both"}],
    ]


def test_logs_name_their_groups_and_account() -> None:
    """The query begins with its sources."""
    (widget,) = _widgets(LogTable("t", ["/a", "/b"], "limit 5", "333333333333"))
    assert widget["type"] == "log"
    assert widget["properties"]["query"] == "SOURCE '/a' | SOURCE '/b' | limit 5"
    assert widget["properties"]["accountId"] == "333333333333"


@pytest.mark.parametrize(
    ("panels", "said"),
    [
        ([AlarmStatus("t", ["a"])] * 501, "501 widgets"),
        ([Graph("t", "Sum", 60, [LINE] * 501)], "501 metrics in one graph"),
        ([Graph("t", "Sum", 60, [LINE] * 500)] * 6, "3000 metrics"),
        ([AlarmStatus("t", ["a"] * 101)], "101 alarms in one widget"),
    ],
)
def test_more_than_cloudwatch_shows_is_refused(panels: list[Any], said: str) -> None:
    """At synthesis, and not by AWS at the apply."""
    with pytest.raises(ConfigError, match=f"the dashboard b would show {said}"):
        Board("b", panels).body("eu-west-1")


def test_each_board_is_a_dashboard_of_its_name() -> None:
    """Called after organisation and environment."""
    boards = [Board("platform", [Graph("t", "Sum", 60, [LINE])])]
    rendered = render(lambda scope: Dashboards(scope, "dashboards", naming=NAMING, boards=boards))
    assert rendered.one("aws_cloudwatch_dashboard")["dashboard_name"] == "acme-dev-platform"
