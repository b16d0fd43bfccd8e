"""The units in which accounts stand, as resource policies admit them."""

from __future__ import annotations

from collections.abc import Iterable

from environments.model import Account
from environments.stacks.base import PlatformStack
from modules.core.units import Units
from modules.foundations.contract import OrganizationContract


def units_of(stack: PlatformStack, accounts: Iterable[Account]) -> Units | None:
    """The units of these accounts, with what stands below them; None without an account."""
    keys = {account.unit for account in accounts}
    if not keys:
        return None
    contract = stack.consume(OrganizationContract)
    ordered = sorted(keys, key=lambda key: key or "")
    return Units(contract.organization_id, tuple(_path(stack, contract, key) for key in ordered))


def _path(stack: PlatformStack, contract: OrganizationContract, key: str | None) -> str:
    """The path of a unit and all below it; that of the root alone for accounts in no unit."""
    parents = {unit.key: unit.parent for unit in stack.organization.units}
    below = "" if key is None else "*"
    while key is not None:
        below, key = f"{contract.unit_ids[key]}/{below}", parents[key]
    return f"{contract.organization_id}/{contract.root_id}/{below}"
