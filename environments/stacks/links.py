"""`<account>-links`: what a team finds of the central catalogue in its own, with queries to begin with."""

from __future__ import annotations

from collections.abc import Collection

from environments.model import Account
from environments.ownership import told_apart
from environments.stacks.base import PlatformStack
from environments.stacks.desk import desk_of, readings
from environments.stacks.feature_desk import central_account, user_of, way
from modules.data_lake import names
from modules.data_lake.links import ResourceLinks
from modules.data_lake.named_queries import NamedQueries
from modules.data_lake.queries import ready
from modules.data_lake.settings import ConsumerPersona
from modules.feature_store.edges import RECALLS
from modules.feature_store.names import database


class LinksStack(PlatformStack):
    """Links to the databases that the team reads, with queries over their tables, and to the histories of features."""

    def compose(self) -> None:
        """Place links domain by domain, so that what a team begins to read moves nothing else."""
        reads = readings(self)
        databases: dict[str, str] = {}
        for each in reads:
            owner = self.organization.account_for("data-governance", "org")
            links = self._links(each.domain, owner, each.databases, each.personas)
            databases |= links.names
            each.edge.render(self, "links")
        NamedQueries(
            self,
            "queries",
            naming=self.naming,
            what=names.workgroup(desk_of(self).team.name),
            queries=ready([table for each in reads for table in each.tables], databases),
            databases=databases,
        )
        user = user_of(self)
        if user and user.recalls(self.organization) and (edge := way(self, RECALLS)):
            self._links("central-features", central_account(self), [database()], user.desk.personas)
            edge.render(self, "links")

    def _links(
        self, id_: str, owner: Account, databases: Collection[str], personas: Collection[ConsumerPersona]
    ) -> ResourceLinks:
        team = desk_of(self).team.name
        return ResourceLinks(
            self,
            id_,
            naming=self.naming,
            catalog_id=self.account_id(owner),
            databases=databases,
            readers=[names.consumer_role(team, persona) for persona in personas],
            user=told_apart(self.place.account, team),
        )
