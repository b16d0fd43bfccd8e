"""`<account>-release`: the pipeline that brings a project's model to test and production."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from environments.stacks.drift import answer_drift
from modules.foundations.contract import AccessContract


class ReleaseStack(PlatformStack):
    """SCAFFOLD until its owner builds it."""

    def compose(self) -> None:
        """Take what the graph offers, and render the sides as if they stood here."""
        for contract in (*self.place.consumes, AccessContract):
            self.consume(contract)
        answer_drift(self)
        for edge, side in self.graph.sides(self.place):
            edge.render(self, side)
