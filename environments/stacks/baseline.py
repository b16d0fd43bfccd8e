"""`<account>-baseline`: what every account has from birth, region by region."""

from __future__ import annotations

from dataclasses import replace

from environments.stacks.base import PlatformStack
from modules.foundations.account_baseline import AccountBaseline, Contact
from modules.foundations.config.contract import ApprovalsContract
from modules.foundations.config.recorder import ConfigRecorder
from modules.foundations.config.repair_documents import RepairDocuments
from modules.foundations.config.repair_roles import RepairRoles
from modules.foundations.contract import AccessContract
from modules.observability.contract import ConfigHistoryContract


class BaselineStack(PlatformStack):
    """The account's baseline in one region; what is global in it, in the home region."""

    def compose(self) -> None:
        """Place the baseline."""
        if self.at_home:
            self._account()
        self._config()
        if self.organization.settings("org").foundations.config.repairs:
            self._repairs()

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

    def _repairs(self) -> None:
        tooling = self.organization.account_for("security-tooling", "org")
        tooling_id = self.account_id(tooling)
        # The approvals stand in a stack that comes after all baselines: named here, not read.
        approvals = ApprovalsContract(
            **ApprovalsContract.names(
                replace(self.naming, environment=tooling.environment, account=tooling.name, account_id=tooling_id)
            )
        )
        RepairDocuments(self, "repairs", naming=self.naming, approvals=approvals)
        if self.at_home:
            RepairRoles(
                self,
                "repair-roles",
                naming=self.naming,
                boundary_arn=self.consume(AccessContract).boundary_arn,
                approver_roles=self.organization.settings("org").foundations.config.repair_approvers,
                topics=approvals.topic_arn.replace(f":{self.place.region}:", ":*:"),
                tooling_account_id=tooling_id,
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
