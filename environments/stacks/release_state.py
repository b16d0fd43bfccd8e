"""`management-release-state`: as which releases reach the Terraform state of what serves models."""

from __future__ import annotations

from collections.abc import Iterator

from environments.node import Node
from environments.stacks.base import PlatformStack
from environments.workplaces import project_name, release_account, served_at, served_projects, serving_desks
from modules.core.contract import StateLocation
from modules.core.handshake import Edge
from modules.foundations.contract import AccessContract, OrganizationContract
from modules.ml_operations.edges import KEEPS_STATE
from modules.ml_operations.state_access import KeptState, StateAccess


class ReleaseStateStack(PlatformStack):
    """The roles beside the state buckets, one for each place in which a model is served."""

    def compose(self) -> None:
        """Place a role for each."""
        releases = self.naming_of(release_account(self.organization))
        for state in self._states():
            StateAccess(
                self,
                f"{state.project}-{state.stage}",
                naming=self.naming,
                releases=releases,
                state=state,
                external_id=self.organization.delivery.external_id,
                organization_id=self.consume(OrganizationContract).organization_id,
                boundary_arn=self.consume(AccessContract).boundary_arn,
            )

    def _states(self) -> Iterator[KeptState]:
        for project in served_projects(self.organization):
            for desk in serving_desks(self.organization, project):
                serving = next(
                    node
                    for node in self.graph.nodes.values()
                    if (node.stack, node.subject, node.account) == ("serving", project.project, desk.account)
                )
                edge = Edge(KEEPS_STATE, project_name(project), serving.id)
                yield KeptState(
                    project=project.project,
                    stage=served_at(project, desk).stage,
                    own=self.graph.state(serving),
                    reads=tuple(self._read_by(serving)),
                    edge=edge if (edge, "role") in self.graph.sides(self.place) else None,
                )

    def _read_by(self, serving: Node) -> Iterator[StateLocation]:
        """The states of stacks of which the stack `serving` reads values that AWS assigned."""
        producers = {stack for contract, stack in serving.consumes.items() if contract.assigned_fields()}
        for stack in sorted(producers):
            yield self.graph.state(self.graph.nodes[stack])
