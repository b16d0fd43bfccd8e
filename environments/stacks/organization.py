"""`management-organization`: the organisation, its units and its accounts."""

from __future__ import annotations

from collections.abc import Sequence

from environments.model import Account
from environments.ownership import owner_tags
from environments.stacks.base import PlatformStack
from environments.vocabulary import PlatformRole
from modules.foundations.organization_tree import NewAccount, OrganizationTree, Unit

SECURITY_LAKE = "securitylake.amazonaws.com"


class OrganizationStack(PlatformStack):
    """AWS Organizations as YAML describes it."""

    def compose(self) -> None:
        """Place the organisation and publish the ids that AWS assigned."""
        organization = self.organization
        foundations, lake = self.settings.foundations, self.settings.observability.security_lake
        by_role: list[tuple[PlatformRole, tuple[str, ...]]] = [*foundations.delegation.by_role.items()]
        trusted = foundations.trusted_services
        if lake.enabled:  # only its delegated administrator sees all accounts there
            by_role.append(("log-archive", (SECURITY_LAKE,)))
            trusted = tuple(sorted({*trusted, SECURITY_LAKE}))
        delegated: dict[str, tuple[str, ...]] = {}
        for role, services in by_role:
            account = organization.account_for(role, "org")
            # The management account cannot be delegated to: what it holds itself, it administers anyway.
            if services and account != organization.management:
                delegated[account.name] = tuple(sorted({*delegated.get(account.name, ()), *services}))
        tree = OrganizationTree(
            self,
            "tree",
            settings=foundations.organization,
            trusted_services=trusted,
            units=[Unit(unit.key, unit.name, unit.parent) for unit in organization.units],
            accounts=self._vended(organization.accounts),
            closed=self._vended(organization.closed),
            pinned={account.name: account.id for account in organization.accounts if account.id},
            access_role=organization.delivery.access_role,
            delegated=delegated,
        )
        self.publish(tree.contract)

    def _vended(self, accounts: Sequence[Account]) -> list[NewAccount]:
        adopted = self.organization.adopt.accounts
        return [
            NewAccount(
                account.name,
                account.email,
                account.unit,
                owner_tags(self.organization, account),
                adopted.get(account.name),
            )
            for account in accounts
            if not account.id or account.name in adopted
        ]
