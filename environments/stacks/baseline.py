"""`<account>-baseline`: what every account has from birth."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from modules.foundations.account_baseline import AccountBaseline, Contact


class BaselineStack(PlatformStack):
    """The account's baseline in the home region."""

    def compose(self) -> None:
        """Place the baseline."""
        contacts = self.organization.contacts
        AccountBaseline(
            self,
            "baseline",
            settings=self.settings.foundations.baseline,
            contacts={
                kind: Contact(contact.name, contact.title, contact.email, contact.phone)
                for kind, contact in (
                    ("security", contacts.security),
                    ("operations", contacts.operations),
                    ("billing", contacts.billing),
                )
            },
        )
