"""`<account>-consumer`: who of a team reads data in the account, and where they query it."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from environments.stacks.desk import desk_of, readings
from environments.stacks.feature_desk import feature_statements
from modules.data_lake.consumer import Consumer
from modules.foundations.contract import AccessContract, BaselineContract
from modules.ml_platform.edges import FINDS_MODELS, HANDS_OVER, INSTALLS, PULLS, USES_HUB


class ConsumerStack(PlatformStack):
    """The roles and the workgroup of one team in one of its accounts."""

    def compose(self) -> None:
        """Place them, whether the team reads a data domain yet or not."""
        desk = desk_of(self)
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
            boundary_arn=self.consume(AccessContract).boundary_arn,
            statements=tuple(feature_statements(self)),
        )
        # SCAFFOLD until the roles may use what teams share.
        for edge, side in self.graph.sides(self.place):
            if edge.kind in (FINDS_MODELS, HANDS_OVER, INSTALLS, PULLS, USES_HUB):
                edge.render(self, side)
