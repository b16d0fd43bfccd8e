"""TEMPORARY: a stack that is placed and not built yet. Nothing of it stays when issue 5 is done."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from modules.data_lake.contract import StorageContract
from modules.feature_store.contract import FeaturesContract


class Scaffold(PlatformStack):
    """Consumes and renders what the graph says, and makes nothing."""

    def compose(self) -> None:
        """Say that all is there."""
        for contract in self.place.consumes:
            self.consume(contract)
        for edge, side in self.graph.sides(self.place):
            edge.render(self, side)
        if self.place.stack == "storage":
            self.publish(StorageContract(key_arn="none"))
        if self.place.stack == "features":
            self.publish(FeaturesContract(database_names={}, table_names={}))
