"""The dashboard of a served model."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from constructs import Construct

from modules.core.dashboard import Board
from modules.core.naming import Naming
from modules.ml_operations import names
from modules.ml_operations.endpoint_graphs import drift_graphs, endpoint_graphs
from modules.ml_operations.layout import MonitorKind
from modules.ml_operations.serving_settings import ServedAs


class EndpointDashboard(Construct):
    """The dashboard `<organisation>-<environment>-serving--<project>`: how a model is asked, answers, costs and drifts.

    Guarantees: every metric has the dimensions under which AWS, or the drift machine, publishes it.

    Controls: SM-48, PLAT-06 (NIST 800-53 SI-4, AU-6).
    https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        project: str,
        settings: ServedAs,
        kinds: Sequence[MonitorKind],
    ) -> None:
        super().__init__(scope, id_)
        board = Board(
            names.topic(project), [*endpoint_graphs(naming, project, settings), *drift_graphs(project, kinds)]
        )
        CloudwatchDashboard(
            self, "dashboard", dashboard_name=naming.name(board.name), dashboard_body=board.body(naming.region)
        )
