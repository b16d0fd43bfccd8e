"""`<account>-pipelines`: what works on the data of one domain."""

from __future__ import annotations

from environments.ownership import told_apart
from environments.stacks.base import PlatformStack
from modules.data_lake.contract import StorageContract
from modules.data_lake.edges import PRODUCES, REPORTS
from modules.data_lake.pipelines import Pipelines
from modules.foundations.contract import AccessContract, BaselineContract
from modules.foundations.network.contract import SpokeContract


class PipelinesStack(PlatformStack):
    """The links, jobs and rules of quality of one domain."""

    def compose(self) -> None:
        """Place the pipelines of the domain that the stack is for."""
        domain = self.organization.domain(self.place.subject or "")
        called = f"domain {domain.name}"
        Pipelines(
            self,
            "pipelines",
            naming=self.naming,
            domain=domain.name,
            email=domain.owner,
            settings=domain.lake,
            governance=self.naming_of(self.organization.account_for("data-governance", "org")),
            user=told_apart(self.place.account, domain.name),
            data_key_arn=self.consume(StorageContract).key_arn,
            baseline=self.consume(BaselineContract),
            network=self.consume(SpokeContract),
            access=self.consume(AccessContract),
            produces=self.edge(PRODUCES, called, "data-governance"),
            reports=self.edge(REPORTS, called, "data-governance"),
        )
