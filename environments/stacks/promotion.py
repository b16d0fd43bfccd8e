"""`<account>-promotion`: central copies of approved models, their cards, and what starts their release."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from modules.foundations.contract import AccessContract
from modules.ml_operations.passports import Passports


class PromotionStack(PlatformStack):
    """SCAFFOLD until its owner builds it."""

    def compose(self) -> None:
        """Take what the graph offers, and render the sides as if they stood here."""
        for contract in (*self.place.consumes, AccessContract):
            self.consume(contract)
        for edge, side in self.graph.sides(self.place):
            edge.render(self, side)
        Passports(
            self,
            "passports",
            naming=self.naming,
            settings=self.settings.ml_operations.passport,
            boundary_arn=self.consume(AccessContract).boundary_arn,
        )
