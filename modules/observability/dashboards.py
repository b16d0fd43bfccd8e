"""The dashboards of an observability account."""

from __future__ import annotations

from collections.abc import Iterable

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from constructs import Construct

from modules.core.dashboard import Board
from modules.core.naming import Naming


class Dashboards(Construct):
    """Each board as the dashboard `<organisation>-<environment>-<name>`.

    Metrics of other accounts are seen through the links to the account's sink; whoever may see metrics may see them.

    Guarantees: what a dashboard shows exists in some stack (tests/e2e/test_dashboards.py), so that an empty graph means
    that nothing was measured.

    Controls: LOG-05, PLAT-06 (NIST 800-53 SI-4, AU-6, CA-7).
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_crossaccount_dashboard.html
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, boards: Iterable[Board]) -> None:
        super().__init__(scope, id_)
        for board in boards:
            CloudwatchDashboard(
                self, board.name, dashboard_name=naming.name(board.name), dashboard_body=board.body(naming.region)
            )
