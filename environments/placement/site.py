"""What every area needs to place its stacks: how they are called, and the edges that most of them have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from environments.model import Account, Organization
from environments.node import Node
from environments.ownership import told_apart
from modules.core.contract import Contract
from modules.foundations.contract import AccessContract, OrganizationContract

Edges = Mapping[type[Contract], str]


@dataclass(frozen=True, slots=True)
class Site:
    """The organisation as a building site."""

    organization: Organization

    @property
    def management(self) -> Account:
        """The management account."""
        return self.organization.management

    @property
    def regions(self) -> tuple[str, ...]:
        """The governed regions, the home region first."""
        home = self.organization.home_region
        return (home, *(region for region in self.organization.governed_regions if region != home))

    def id(self, account: Account, stack: str, region: str | None = None, *, subject: str | None = None) -> str:
        """`<account>-<stack>`, followed by whom it is for, and by the region outside the home region.

        An account that was made for its team or data domain says in its name already whom its stacks are for.
        """
        whom = told_apart(account, subject) if subject else None
        abroad = region is not None and region != self.organization.home_region
        parts = (account.name, stack, whom, region if abroad else None)
        return "-".join(part for part in parts if part)

    @property
    def bootstrap(self) -> str:
        """The stack that makes state buckets and the roles of CI."""
        return self.id(self.management, "bootstrap")

    @property
    def tree(self) -> str:
        """The stack that makes the organisation, its units and its accounts."""
        return self.id(self.management, "organization")

    def ids(self, *accounts: Account) -> Edges:
        """The edge that tells the ids of these accounts; none where YAML pins all of them."""
        return {} if all(account.id for account in accounts) else {OrganizationContract: self.tree}

    def access(self, account: Account) -> Edges:
        """The edges to the roles that Terraform works with in the account, and to the account's id."""
        if account == self.management:
            return {AccessContract: self.bootstrap}
        return {AccessContract: self.id(account, "access"), **self.ids(account)}

    def node(
        self,
        stack: str,
        account: Account,
        edges: Edges,
        *,
        region: str | None = None,
        subject: str | None = None,
        module: str = "foundations",
        gathers: Mapping[type[Contract], Iterable[str]] | None = None,
        after: Iterable[str] = (),
    ) -> Node:
        """The stack of this kind in the account, in the home region unless `region` says otherwise; see `Node`."""
        return Node(
            stack,
            module,
            account,
            region or self.organization.home_region,
            self.id(account, stack, region, subject=subject),
            subject,
            edges,
            {contract: tuple(sorted(producers)) for contract, producers in (gathers or {}).items()},
            tuple(after),
        )
