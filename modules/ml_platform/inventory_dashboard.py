"""The dashboard of registered models."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from constructs import Construct

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
_DAY, _WIDTH, _HEIGHT, _ACROSS = 86_400, 12, 6, 2  # seconds; widgets of half the 24 columns


class InventoryDashboard(Construct):
    """The dashboard `<organisation>-<environment>-models`: a graph for each number, a line for each of `teams`.

    Guarantees: shows every team of the registry, by what the inventory measures; whoever may see metrics may see it.

    Controls: PLAT-06 (NIST 800-53 CM-8, SI-4).
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, teams: Sequence[str]) -> None:
        super().__init__(scope, id_)
        shown = [
            (title, [[NAMESPACE, metric, "Team", team, {"label": team}] for team in sorted(teams)])
            for metric, title in _BY_TEAM.items()
            if teams
        ]
        shown.append(("The registry", [[NAMESPACE, TAKEN, {"stat": "Sum"}], [NAMESPACE, UNDECLARED]]))
        widgets = [
            {
                "type": "metric",
                "x": place % _ACROSS * _WIDTH,
                "y": place // _ACROSS * _HEIGHT,
                "width": _WIDTH,
                "height": _HEIGHT,
                "properties": {
                    "metrics": metrics,
                    "period": _DAY,
                    "region": naming.region,
                    "stat": "Maximum",
                    "title": title,
                    "view": "timeSeries",
                },
            }
            for place, (title, metrics) in enumerate(shown)
        ]
        CloudwatchDashboard(
            self,
            "dashboard",
            dashboard_name=naming.name("models"),
            dashboard_body=json.dumps({"widgets": widgets}, separators=(",", ":"), sort_keys=True),
        )
