"""`<account>-storage`: the zones of a data domain, the roles that work on them, and what is sensitive there."""

from __future__ import annotations

from environments.administrators import sensitive_data_settings
from environments.stacks.base import PlatformStack
from modules.data_lake.edges import PRODUCES, STORES
from modules.data_lake.sensitive_data import SensitiveData
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
        if searched := sensitive_data_settings(self.organization, self.place.account):
            SensitiveData(
                self,
                "sensitive-data",
                naming=self.naming,
                settings=domain.lake,
                domain=domain.name,
                owner=domain.owner,
                buckets={zone: bucket.name for zone, bucket in storage.buckets.items()},
                weekday=searched.job.weekday,
                sampling_percentage=searched.job.sampling_percentage,
                data_key_arn=storage.contract.key_arn,
                keys=self.consume(BaselineContract),
                access_logs=storage.access_logs,
                boundary_arn=self.consume(AccessContract).boundary_arn,
            )
        self.publish(storage.contract)
