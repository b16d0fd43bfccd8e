"""`<account>-links`: what a team finds of the central catalogue in its own, with queries to begin with."""

from __future__ import annotations

from environments.ownership import told_apart
from environments.stacks.base import PlatformStack
from environments.stacks.desk import desk_of, readings
from modules.data_lake import names
from modules.data_lake.links import ResourceLinks
from modules.data_lake.named_queries import NamedQueries
from modules.data_lake.queries import ready


class LinksStack(PlatformStack):
    """Links to the databases that the team reads, and queries over their tables."""

    def compose(self) -> None:
        """Place links domain by domain, so that what a team begins to read moves nothing else."""
        team, reads = desk_of(self).team.name, readings(self)
        central = self.account_id(self.organization.account_for("data-governance", "org"))
        databases: dict[str, str] = {}
        for each in reads:
            links = ResourceLinks(
                self,
                each.domain,
                naming=self.naming,
                catalog_id=central,
                databases=each.databases,
                readers=[names.consumer_role(team, persona) for persona in each.personas],
                user=told_apart(self.place.account, team),
            )
            databases |= links.names
            each.edge.render(self, "links")
        NamedQueries(
            self,
            "queries",
            naming=self.naming,
            what=names.workgroup(team),
            queries=ready([table for each in reads for table in each.tables], databases),
            databases=databases,
        )
