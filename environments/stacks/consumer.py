"""`<account>-consumer`: the roles as which a team works in the account, and where it queries data."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from environments.stacks.desk import desk_of, readings
from environments.stacks.feature_desk import feature_statements
from environments.stacks.served_desk import served_statements
from environments.stacks.shared_desk import artifact_statements
from environments.stacks.shared_models import model_statements
from environments.stacks.workplace import workplace_of
from environments.workplaces import workers
from modules.data_lake.consumer import Consumer
from modules.foundations.contract import AccessContract, BaselineContract
from modules.ml_use_case.team_policies import TeamPolicies
from modules.ml_use_case.team_roles import TeamRoles


class ConsumerStack(PlatformStack):
    """The roles and the workgroup of one team in one of its accounts."""

    def compose(self) -> None:
        """Place them, whether the team reads a data domain yet or not."""
        desk, boundary_arn = desk_of(self), self.consume(AccessContract).boundary_arn
        roles = workers(desk)
        policies = TeamPolicies(
            self,
            "policies",
            place=workplace_of(self),
            roles=roles,
            shared={
                role: {
                    "artifacts": tuple(artifact_statements(self, role)),
                    **model_statements(self, role),
                    **served_statements(self, role),
                }
                for role in roles
            },
        )
        Consumer(
            self,
            "consumer",
            naming=self.naming,
            settings=self.settings.data_lake.athena,
            team=desk.team.name,
            owner=desk.team.owner,
            personas=desk.personas,
            reads=readings(self),
            central=self.naming_of(self.organization.account_for("data-governance", "org")),
            keys=self.consume(BaselineContract),
            boundary_arn=boundary_arn,
            statements=tuple(feature_statements(self)),
            policies={persona: policies.of(persona) for persona in desk.personas},
        )
        TeamRoles(
            self,
            "roles",
            naming=self.naming,
            team=desk.team.name,
            roles=roles,
            policies=policies,
            boundary_arn=boundary_arn,
        )
