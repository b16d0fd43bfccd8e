"""`<account>-serving`: a version of a project's model, served and monitored."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from environments.stacks.served_desk import served_project
from modules.foundations.contract import BaselineContract
from modules.foundations.network.contract import SpokeContract
from modules.ml_operations.model_service import ModelService
from modules.ml_use_case.names import role


class ServingStack(PlatformStack):
    """One project's model in one of its team's accounts for test and production."""

    def compose(self) -> None:
        """Place the version that is served, and what watches it."""
        project, settings = served_project(self)
        ModelService(
            self,
            "service",
            naming=self.naming,
            settings=settings,
            project=project.project,
            team=project.team,
            endpoints=self.naming.role_arn(role(project.team, "serving")),
            jobs=self.naming.role_arn(role(project.team, "pipeline")),
            network=self.consume(SpokeContract),
            keys=self.consume(BaselineContract),
        )
