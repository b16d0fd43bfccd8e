"""`management-cost-exports`: where AWS delivers what everything costs."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from modules.foundations.contract import AccessContract


class CostExportsStack(PlatformStack):
    """SCAFFOLD until its owner builds it."""

    def compose(self) -> None:
        """Take what the graph offers, and render the sides as if they stood here."""
        for contract in (*self.place.consumes, AccessContract):
            self.consume(contract)
        for edge, side in self.graph.sides(self.place):
            edge.render(self, side)
