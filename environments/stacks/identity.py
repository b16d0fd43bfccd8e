"""`management-identity`: who may do what in which account."""

from __future__ import annotations

from environments.identity import assigned_accounts, assignments, group_name, groups
from environments.stacks.base import PlatformStack
from modules.foundations.emergency_alert import EmergencyAlert
from modules.foundations.identity_center import Directory, IdentityCenter


class IdentityStack(PlatformStack):
    """IAM Identity Center: groups, permission sets, assignments."""

    def compose(self) -> None:
        """Place Identity Center with the people's groups of every team and of the platform."""
        organization, identity = self.organization, self.organization.identity
        IdentityCenter(
            self,
            "identity",
            naming=self.naming,
            directory=Directory(
                groups={
                    group.key: group_name(identity, organization.name, group)
                    for group in groups([team.name for team in organization.teams])
                },
                external=identity.source == "external",
                team_attribute=identity.team_attribute,
            ),
            session_hours=identity.session_hours,
            assignments=assignments(organization),
            account_ids={account.name: self.account_id(account) for account in assigned_accounts(organization)},
        )
        EmergencyAlert(self, "emergency", naming=self.naming, email=organization.contacts.security.email)
