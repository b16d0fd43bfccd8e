"""`<account>-serving`: a version of a project's model, served and monitored."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from environments.stacks.served_desk import served_project
from environments.stacks.watched import kinds_of, watched
from modules.foundations.contract import BaselineContract
from modules.foundations.network.contract import SpokeContract
from modules.ml_operations.model_monitors import ModelMonitors
from modules.ml_operations.model_service import ModelService
from modules.ml_use_case.names import role


class ServingStack(PlatformStack):
    """One project's model in one of its team's accounts for test and production."""

    def compose(self) -> None:
        """Place the version that is served, and what watches it."""
        project, settings = served_project(self)
        network, keys = self.consume(SpokeContract), self.consume(BaselineContract)
        jobs = self.naming.role_arn(role(project.team, "pipeline"))
        service = ModelService(
            self,
            "service",
            naming=self.naming,
            settings=settings,
            project=project.project,
            team=project.team,
            endpoints=self.naming.role_arn(role(project.team, "serving")),
            jobs=jobs,
            network=network,
            keys=keys,
        )
        team = self.organization.team(project.team)
        ModelMonitors(
            self,
            "monitors",
            naming=self.naming,
            settings=self.settings.ml_operations.monitoring,
            project=project.project,
            kinds=kinds_of(project, settings, self.settings.ml_operations.monitoring),
            watched=watched(self.naming, project, settings),
            version=service.version,
            model=service.model_name,
            jobs=jobs,
            tags={"CostCenter": team.cost_center, "Project": project.project, "Team": team.name},
            network=network,
            keys=keys,
            after=[service.endpoint] if service.endpoint else [],
        )
