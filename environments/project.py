"""What one file `projects/<project>.yaml` says: how a model is built, and how it is served. No cdktf here."""

from __future__ import annotations

from modules.ml_operations.serving_settings import Serving
from modules.ml_use_case.project_settings import ProjectSpec


class Project(ProjectSpec):
    """One model of a team. Without `serving` it is built and registered, and nothing is deployed."""

    serving: Serving | None = None
