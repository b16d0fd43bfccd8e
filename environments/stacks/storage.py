"""`<account>-storage`: the zones of a data domain, and the roles that work on them."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from modules.data_lake.edges import PRODUCES, STORES
from modules.data_lake.storage import Storage
from modules.foundations.contract import AccessContract, BaselineContract, OrganizationContract


class StorageStack(PlatformStack):
    """The buckets, the key and the roles of one domain."""

    def compose(self) -> None:
        """Place the zones of the domain that the stack is for."""
        domain = self.organization.domain(self.place.subject or "")
        called = f"domain {domain.name}"
        storage = Storage(
            self,
            "storage",
            naming=self.naming,
            domain=domain.name,
            settings=domain.lake,
            governance=self.naming_of(self.organization.account_for("data-governance", "org")),
            organization_id=self.consume(OrganizationContract).organization_id,
            boundary_arn=self.consume(AccessContract).boundary_arn,
            backup_role_arn=self.consume(BaselineContract).backup_role_arn,
            stores=self.edge(STORES, "Lake Formation", called),
            produces=self.edge(PRODUCES, called, "data-governance") if domain.lake.products else None,
        )
        self.publish(storage.contract)
