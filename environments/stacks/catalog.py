"""`<governance account>-catalog-<domain>`: a data domain in the central catalogue, and who may do what with it."""

from __future__ import annotations

from constructs import Construct

from environments.lake import readers
from environments.stacks.base import PlatformStack
from modules.data_lake import names
from modules.data_lake.contract import StorageContract
from modules.data_lake.edges import PRODUCES, READS, STORES
from modules.data_lake.locations import Locations
from modules.data_lake.opt_ins import OptIns
from modules.data_lake.producer_grants import ProducerGrants
from modules.data_lake.products import Products
from modules.data_lake.publish_gate import PublishGate
from modules.data_lake.reader_grants import ReaderGrants
from modules.data_lake.reading import Reading
from modules.foundations.contract import AccessContract, BaselineContract


class CatalogStack(PlatformStack):
    """The products of one data domain with their locations and grants, and the gate that publishes them."""

    def compose(self) -> None:
        """Place them."""
        domain = next(each for each in self.organization.domains if each.name == self.place.subject)
        owner = self.naming_of(self.organization.account(domain.account))
        boundary_arn, keys = self.consume(AccessContract).boundary_arn, self.consume(BaselineContract).key_arns
        place = f"domain {domain.name}"
        locations = Locations(
            self,
            "locations",
            naming=self.naming,
            owner=owner,
            domain=domain.name,
            settings=domain.lake,
            storage=self.consume(StorageContract),
            stores=self.edge(STORES, "Lake Formation", place),
            boundary_arn=boundary_arn,
        )
        products = Products(self, "products", naming=self.naming, owner=owner, domain=domain.name, settings=domain.lake)
        if domain.lake.products:
            ProducerGrants(
                self,
                "producer",
                naming=self.naming,
                owner=owner,
                domain=domain.name,
                settings=domain.lake,
                zones=locations.zones,
                produces=self.edge(PRODUCES, place, "data-governance"),
            )
        self._readers(domain.name, products)
        if any(table.quality for product in domain.lake.products.values() for table in product.tables.values()):
            PublishGate(
                self,
                "publish",
                naming=self.naming,
                owner=owner,
                domain=domain.name,
                email=domain.owner,
                settings=domain.lake,
                boundary_arn=boundary_arn,
                logs_key_arn=keys["account-logs"],
                messages_key_arn=keys["messages"],
            )

    def _readers(self, domain: str, products: Products) -> None:
        grants, opt_ins = Construct(self, "readers"), Construct(self, "opt-ins")
        for each in readers(self.organization):
            if each.domain.name != domain:
                continue
            team, account = each.desk.team.name, each.desk.account
            reader = self.naming_of(account)
            edge = self.edge(READS, each.desk.name, f"domain {domain}")
            reading = Reading(domain, each.domain.lake, each.consumption, each.personas, edge)
            ReaderGrants(
                grants,
                f"{team}-in-{account.name}",
                naming=self.naming,
                reader=reader,
                team=team,
                reading=reading,
                filters=products.filters,
            )
            if each.domain.lake.hybrid:
                for persona in reading.personas:
                    OptIns(
                        opt_ins,
                        f"{team}-{persona}-in-{account.name}",
                        naming=self.naming,
                        principal=reader.role_arn(names.consumer_role(team, persona)),
                        databases={name: products.databases[name] for name in reading.databases},
                    )
