"""The dashboard of registered models."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from constructs import Construct

from modules.core.dashboard import Board, Graph, Metric
from modules.core.naming import Naming
from modules.ml_platform.functions.take_inventory.snapshot import (
    CARDLESS,
    IN_USE,
    LIVE,
    NAMESPACE,
    OLDEST,
    REVIEWED,
    TAKEN,
    UNAPPROVED,
    UNDECLARED,
    WAITING,
)

_BY_TEAM = {
    WAITING: "Versions that wait for an approval",
    OLDEST: "Days that the oldest of them waits",
    IN_USE: "Approved versions",
    LIVE: "Accounts in which a version is live",
    UNAPPROVED: "Of these, with a version that is not approved",
    CARDLESS: "Models without a card",
    REVIEWED: "Cards that wait for a review",
}
_DAY = 86_400  # seconds


class InventoryDashboard(Construct):
    """The dashboard `<organisation>-<environment>-models`: a graph for each number, a line for each of `teams`.

    Guarantees: shows every team of the registry, by what the inventory measures; whoever may see metrics may see it.

    Controls: PLAT-06 (NIST 800-53 CM-8, SI-4).
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, teams: Sequence[str]) -> None:
        super().__init__(scope, id_)
        graphs = [
            Graph(
                title,
                "Maximum",
                _DAY,
                [Metric(NAMESPACE, metric, {"Team": team}, options={"label": team}) for team in sorted(teams)],
            )
            for metric, title in _BY_TEAM.items()
            if teams
        ]
        taken = [Metric(NAMESPACE, TAKEN, options={"stat": "Sum"}), Metric(NAMESPACE, UNDECLARED)]
        board = Board("models", [*graphs, Graph("The registry", "Maximum", _DAY, taken)])
        CloudwatchDashboard(
            self, "dashboard", dashboard_name=naming.name(board.name), dashboard_body=board.body(naming.region)
        )
