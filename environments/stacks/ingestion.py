"""`<feature store account>-ingestion`: records into the central feature store, and its upkeep."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from modules.feature_store.contract import FeaturesContract
from modules.feature_store.ingestion import Ingestion
from modules.foundations.contract import AccessContract, BaselineContract, OrganizationContract


class IngestionStack(PlatformStack):
    """Ingestion, upkeep and alarms of all central feature groups."""

    def compose(self) -> None:
        """Place them."""
        Ingestion(
            self,
            "ingestion",
            naming=self.naming,
            settings=self.settings.feature_store,
            groups=[group for group in self.organization.features if group.central],
            features=self.consume(FeaturesContract),
            producers=[],
            organization_id=self.consume(OrganizationContract).organization_id,
            key_arns=self.consume(BaselineContract).key_arns,
            boundary_arn=self.consume(AccessContract).boundary_arn,
            operators=self.organization.contacts.operations.email,
        )
