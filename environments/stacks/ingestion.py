"""`<feature store account>-ingestion`: records into the central feature store, its upkeep and its queries."""

from __future__ import annotations

from collections.abc import Iterator

from environments.features import central_group, users
from environments.stacks.base import PlatformStack
from modules.data_lake.names import consumer_role
from modules.feature_store.contract import FeaturesContract
from modules.feature_store.edges import FEEDS
from modules.feature_store.ingestion import Ingestion
from modules.feature_store.producer import Producer
from modules.feature_store.queries import Queries
from modules.foundations.contract import AccessContract, BaselineContract, OrganizationContract


class IngestionStack(PlatformStack):
    """Ingestion, upkeep, alarms and queries of all central feature groups."""

    def compose(self) -> None:
        """Place them."""
        groups = [group for group in self.organization.features if group.central]
        features, keys = self.consume(FeaturesContract), self.consume(BaselineContract).key_arns
        Ingestion(
            self,
            "ingestion",
            naming=self.naming,
            settings=self.settings.feature_store,
            groups=groups,
            features=features,
            producers=list(self._producers()),
            organization_id=self.consume(OrganizationContract).organization_id,
            key_arns=keys,
            boundary_arn=self.consume(AccessContract).boundary_arn,
            operators=self.organization.contacts.operations.email,
        )
        athena = self.settings.data_lake.athena
        Queries(
            self,
            "queries",
            naming=self.naming,
            groups=groups,
            features=features,
            scan_limit_gb=athena.scan_limit_gb,
            keep_results_days=athena.keep_results_days,
            key_arn=keys["feature-offline"],
        )

    def _producers(self) -> Iterator[Producer]:
        """Who may write a group from another account. Of this account IAM alone decides who sends."""
        for user in users(self.organization):
            desk = user.desk
            if desk.account == self.place.account:
                continue
            naming = self.naming_of(desk.account)
            roles = tuple(naming.role_arn(consumer_role(desk.team.name, persona)) for persona in desk.personas)
            for group in user.feeds:
                edge = self.edge(FEEDS, desk.name, central_group(group))
                yield Producer(group, naming.account_id, roles, edge)
