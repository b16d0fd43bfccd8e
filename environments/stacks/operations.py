"""`<account>-operations`: what a served model needs whatever its version is."""

from __future__ import annotations

from environments.lake import lake_accounts
from environments.project import Project
from environments.stacks.base import PlatformStack
from environments.stacks.checks import check_endpoint
from environments.stacks.drift import watch_drift
from environments.stacks.served_desk import served_project
from environments.workplaces import project_name, release_account
from modules.core.handshake import Edge
from modules.data_lake.names import workgroup
from modules.foundations.contract import AccessContract, BaselineContract, OrganizationContract
from modules.ml_operations.capture_table import CaptureTable
from modules.ml_operations.check_settings import is_checked
from modules.ml_operations.deployer import Deployer
from modules.ml_operations.deployer_permissions import Served
from modules.ml_operations.edges import DEPLOYS
from modules.ml_operations.names import starter
from modules.ml_operations.operations import Operations
from modules.ml_operations.serving_settings import ServingStage
from modules.ml_platform.names import model_group_arns
from modules.ml_use_case.names import role


class OperationsStack(PlatformStack):
    """One project's model in one of its team's accounts for test and production."""

    def compose(self) -> None:
        """Place what stays, and who changes and watches what serves it."""
        project, settings = served_project(self)
        operations = Operations(
            self,
            "operations",
            naming=self.naming,
            settings=settings,
            project=project.project,
            owner=project.owner or self.organization.team(project.team).owner,
            checked=is_checked(self.settings.ml_operations.checks, settings),
            keys=self.consume(BaselineContract),
            boundary_arn=self.consume(AccessContract).boundary_arn,
        )
        watch_drift(self, operations.topic)
        check_endpoint(self, operations.topic)
        if settings.keeps_requests:
            CaptureTable(
                self,
                "capture",
                naming=self.naming,
                project=project.project,
                workgroup=workgroup(project.team),
                reader=role(project.team, "pipeline"),
                governed=self.place.account in lake_accounts(self.organization),
            )
        self._deployer(project, settings.stage)

    def _deployer(self, project: Project, stage: ServingStage) -> None:
        releases = self.naming_of(release_account(self.organization))
        edge = Edge(DEPLOYS, project_name(project), self.place.account.name)
        team = {what: self.naming.role_arn(role(project.team, what)) for what in ("pipeline", "serving")}
        Deployer(
            self,
            "deployer",
            served=Served(
                naming=self.naming,
                project=project.project,
                versions_arn=model_group_arns(releases, project.team, project.project)[1],
                passes={
                    "sagemaker": tuple(team.values()),
                    "scheduler": (self.naming.role_arn(starter(project.project)),),
                },
            ),
            stage=stage,
            releases=releases,
            external_id=self.organization.delivery.external_id,
            organization_id=self.consume(OrganizationContract).organization_id,
            boundary_arn=self.consume(AccessContract).boundary_arn,
            edge=edge if (edge, "role") in self.graph.sides(self.place) else None,
        )
