"""`<account>-portfolio`: the products that teams launch by themselves."""

from __future__ import annotations

from collections.abc import Iterator

from environments.model import Account
from environments.stacks.base import PlatformStack
from environments.stacks.org_units import units_of
from environments.workplaces import launching_accounts, studios
from modules.foundations.contract import AccessContract, OrganizationContract
from modules.ml_platform.audience import Audience, Recipient
from modules.ml_platform.edges import LAUNCHES
from modules.ml_platform.names import PRODUCTS, TEMPLATE_BUCKET
from modules.ml_platform.portfolio_people import role_pattern, signed_in
from modules.ml_platform.product_catalog import ProductCatalog
from modules.ml_platform.product_seeds import product_seeds


class PortfolioStack(PlatformStack):
    """The portfolios for every team at work in a dev account."""

    def compose(self) -> None:
        """Place them, whether a team is there yet or not."""
        ProductCatalog(
            self,
            "catalog",
            naming=self.naming,
            settings=self.settings.ml_platform.portfolio,
            audience=self._audience(),
            seeds=product_seeds(organization=self.organization.name, templates=self.naming.bucket(TEMPLATE_BUCKET)),
            boundary_arn=self.consume(AccessContract).boundary_arn,
            launches_here=self.place.account in launching_accounts(self.organization),
            email=self.organization.contacts.operations.email,
        )

    def _audience(self) -> Audience:
        others = [each for each in launching_accounts(self.organization) if each != self.place.account]
        return Audience(
            organization_id=self.consume(OrganizationContract).organization_id,
            units=units_of(self, others),
            recipients=tuple(self._recipients(others)),
            account_ids=tuple(self.account_id(each) for each in others),
            people=dict(self._people()),
            teams={desk.team.name: desk.team.cost_center for desk in studios(self.organization)},
            edges={
                (account.name, product): self.edge(LAUNCHES, f"people in {account.name}", f"product {product}")
                for account in others
                for product in PRODUCTS
            },
        )

    def _recipients(self, accounts: list[Account]) -> Iterator[Recipient]:
        """Units; accounts one by one where they stand in none, and outside the partition aws.

        Service Catalog knows ARNs of units in the partition aws alone (terraform-provider-aws#39861).
        """
        contract = self.consume(OrganizationContract)
        by_unit: dict[str, list[str]] = {}
        for account in accounts:
            if account.unit is None or self.organization.partition != "aws":
                id_ = self.account_id(account)
                yield Recipient(account.name, "ORGANIZATION_MEMBER_ACCOUNT", id_, (account.name,))
            else:
                by_unit.setdefault(account.unit, []).append(account.name)
        for unit, names in sorted(by_unit.items()):
            ou = f"{contract.organization_id}/{contract.unit_ids[unit]}"
            arn = f"arn:aws:organizations::{self.account_id(self.organization.management)}:ou/{ou}"
            yield Recipient(unit, "ORGANIZATIONAL_UNIT", arn, tuple(names))

    def _people(self) -> Iterator[tuple[str, str]]:
        """Team leads, as they sign in. As a role of Studio nobody makes projects: code runs as it."""
        organization = self.organization
        if organization.identity.enabled:
            yield "ml-team-lead", signed_in(organization.partition, organization.home_region, "ml-team-lead")
            return
        for name in self.settings.ml_platform.portfolio.lead_roles:
            yield name, role_pattern(organization.partition, name)
