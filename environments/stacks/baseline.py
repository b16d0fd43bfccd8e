"""`<account>-baseline`: what every account has from birth, region by region."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from modules.foundations.account_baseline import AccountBaseline, Contact
from modules.foundations.config.recorder import ConfigRecorder
from modules.observability.contract import ConfigHistoryContract


class BaselineStack(PlatformStack):
    """The account's baseline in one region; what is global in it, in the home region."""

    def compose(self) -> None:
        """Place the baseline."""
        if self.at_home:
            self._account()
        self._config()

    def _config(self) -> None:
        recorder = self.settings.foundations.config.recorder
        if recorder.source == "mlgov":
            ConfigRecorder(
                self,
                "config",
                naming=self.naming,
                settings=recorder,
                history=self.consume(ConfigHistoryContract),
                at_home=self.at_home,
            )

    def _account(self) -> None:
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
