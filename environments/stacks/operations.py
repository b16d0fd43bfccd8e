"""`<account>-operations`: what a served model needs whatever its version is."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from environments.stacks.served_desk import served_project
from modules.foundations.contract import AccessContract, BaselineContract
from modules.ml_operations.operations import Operations


class OperationsStack(PlatformStack):
    """One project's model in one of its team's accounts for test and production."""

    def compose(self) -> None:
        """Place what stays, and who changes and watches what serves it."""
        project, settings = served_project(self)
        Operations(
            self,
            "operations",
            naming=self.naming,
            settings=settings,
            project=project.project,
            owner=project.owner or self.organization.team(project.team).owner,
            keys=self.consume(BaselineContract),
            boundary_arn=self.consume(AccessContract).boundary_arn,
        )
        for edge, side in self.graph.sides(self.place):  # SCAFFOLD until the release has its role here
            edge.render(self, side)
