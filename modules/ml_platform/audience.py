"""Who launches products, from which accounts: what the stack of the portfolios knows of the organisation. No cdktf."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from modules.core.handshake import Edge
from modules.core.iam import Principals, Statement
from modules.core.naming import Naming
from modules.core.units import Units
from modules.ml_platform.names import Product, launch_role_pattern


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
    the portfolios have one, and `recipients`, `units` and `account_ids` are theirs. `units` None: everybody launches
    beside the portfolios.
    """

    organization_id: str
    units: Units | None
    recipients: tuple[Recipient, ...]
    account_ids: tuple[str, ...]
    people: Mapping[str, str]
    teams: Mapping[str, str]
    edges: Mapping[tuple[str, Product], Edge]

    def launch_roles(
        self, naming: Naming, sid: str, actions: tuple[str, ...], resource: str, via: str | None = None
    ) -> list[Statement]:
        """What launch roles of these accounts may do by a resource's policy; through the service `via`, if given."""
        if not self.account_ids:
            return []
        roots = tuple(f"arn:{naming.partition}:iam::{account}:root" for account in self.account_ids)
        through = {"kms:ViaService": f"{via}.{naming.region}.amazonaws.com"} if via else {}
        return [
            Statement(
                sid,
                actions=actions,
                resources=(resource,),
                principals=Principals("AWS", roots),
                conditions={
                    "StringEquals": {"aws:PrincipalOrgID": self.organization_id, **through},
                    "ArnLike": {
                        "aws:PrincipalArn": [launch_role_pattern(naming, account) for account in self.account_ids]
                    },
                },
            )
        ]

    def ways(self, *products: Product, to: Recipient | None = None) -> Iterator[Edge]:
        """The edges to these products, of all accounts or of those of one recipient."""
        for (account, product), edge in self.edges.items():
            if product in products and (to is None or account in to.accounts):
                yield edge
