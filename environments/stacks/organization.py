"""`management-organization`: the organisation, its units and its accounts."""

from __future__ import annotations

from collections.abc import Sequence

from environments.model import Account
from environments.ownership import owner_tags
from environments.stacks.base import PlatformStack
from modules.foundations.organization_tree import NewAccount, OrganizationTree, Unit


class OrganizationStack(PlatformStack):
    """AWS Organizations as YAML describes it."""

    def compose(self) -> None:
        """Place the organisation and publish the ids that AWS assigned."""
        organization = self.organization
        security_tooling = organization.account_for("security-tooling", "org")
        # The management account cannot be delegated to: what it holds itself, it administers anyway.
        delegated = {
            account.name: self.settings.foundations.delegation.security_tooling
            for account in (security_tooling,)
            if account != organization.management
        }
        tree = OrganizationTree(
            self,
            "tree",
            settings=self.settings.foundations.organization,
            units=[Unit(unit.key, unit.name, unit.parent) for unit in organization.units],
            accounts=self._vended(organization.accounts),
            closed=self._vended(organization.closed),
            pinned={account.name: account.id for account in organization.accounts if account.id},
            access_role=organization.delivery.access_role,
            delegated=delegated,
        )
        self.publish(tree.contract)

    def _vended(self, accounts: Sequence[Account]) -> list[NewAccount]:
        return [
            NewAccount(account.name, account.email, account.unit, owner_tags(self.organization, account))
            for account in accounts
            if not account.id
        ]
