"""Who launches products, from which accounts: what the stack of the portfolios knows of the organisation. No cdktf."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from modules.core.handshake import Edge
from modules.core.units import Units
from modules.ml_platform.names import Product


@dataclass(frozen=True, slots=True)
class Recipient:
    """With whom a portfolio is shared: a unit by its ARN, or a member account by its id, where no unit can be named.

    `name` is what the configuration calls it; `accounts` are those of its accounts in which people launch.
    """

    name: str
    kind: Literal["ORGANIZATIONAL_UNIT", "ORGANIZATION_MEMBER_ACCOUNT"]
    principal_id: str
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Audience:
    """`people`: a name for each -> the ARN, without account, of the roles to which the portfolios belong.

    `teams`: team -> its cost center. `edges`: from which account -> to which product; only accounts other than that of
    the portfolios have one, and `recipients` and `units` are theirs. `units` None: everybody launches beside them.
    """

    organization_id: str
    units: Units | None
    recipients: tuple[Recipient, ...]
    people: Mapping[str, str]
    teams: Mapping[str, str]
    edges: Mapping[tuple[str, Product], Edge]

    def ways(self, *products: Product, to: Recipient | None = None) -> Iterator[Edge]:
        """The edges to these products, of all accounts or of those of one recipient."""
        for (account, product), edge in self.edges.items():
            if product in products and (to is None or account in to.accounts):
                yield edge
