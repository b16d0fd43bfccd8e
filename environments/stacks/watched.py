"""How a served model is watched, as its project's file says it."""

from __future__ import annotations

from collections.abc import Mapping

from environments.project import Project
from modules.core.naming import Naming
from modules.ml_operations import names
from modules.ml_operations.layout import MonitorKind
from modules.ml_operations.monitor_plan import Problem, Watched
from modules.ml_operations.monitoring_settings import MonitoringSettings, monitors
from modules.ml_operations.serving_settings import ServedAs

# The kind of problem that a model solves is that of its gate's metric, as in the seed's `problem.py`.
_PROBLEMS: Mapping[str, Problem] = {
    **dict.fromkeys(("roc_auc", "average_precision", "precision", "recall", "f1"), "BinaryClassification"),
    **dict.fromkeys(("accuracy", "f1_macro", "log_loss"), "MulticlassClassification"),
    **dict.fromkeys(("rmse", "mae", "r2"), "Regression"),
}


def kinds_of(project: Project, served: ServedAs, settings: MonitoringSettings) -> tuple[MonitorKind, ...]:
    """The kinds of monitors that its model has where it is served so."""
    explanations = settings.explanations and project.text is None
    return monitors(served.mode, bias=bool(project.facets), explanations=explanations)


def watched(naming: Naming, project: Project, settings: ServedAs) -> Watched:
    """What its monitors look at in the account of `naming`."""
    return Watched(
        target=project.target,
        problem=_PROBLEMS[project.gate.metric],
        bucket=naming.bucket(names.serving_bucket(project.project)),
        endpoint=names.endpoint(naming, project.project) if settings.has_endpoint else None,
        text=project.text,
        favourable=project.favourable,
        facets=project.facets,
    )
