"""`<account>-baseline`: what every account has from birth, in each governed region."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from environments.budgets import budgets
from environments.model import Account, Organization
from environments.ownership import owner_tags
from environments.stacks.base import PlatformStack
from environments.stacks.model_sync import model_sync
from environments.stacks.telemetry import telemetry
from environments.units import DEFAULT_GUARDRAILS
from environments.workplaces import MODEL_FILES_KEY, copied_projects, project_name, release_account
from modules.core.iam import Statement
from modules.core.wiring import named_only
from modules.foundations.account.account_backup import AccountBackup
from modules.foundations.account.key_catalogue import KeyCatalogue
from modules.foundations.account.key_purposes import opened_to_organization, purposes
from modules.foundations.account.monthly_budget import MonthlyBudget
from modules.foundations.account.quota_requests import QuotaRequests
from modules.foundations.account_baseline import AccountBaseline, Contact
from modules.foundations.config.contract import ApprovalsContract
from modules.foundations.config.recorder import ConfigRecorder
from modules.foundations.config.repair_documents import RepairDocuments
from modules.foundations.config.repair_roles import RepairRoles
from modules.foundations.contract import AccessContract, BaselineContract, OrganizationContract
from modules.foundations.settings import InternetGateways, InternetGatewaySettings
from modules.ml_platform.edges import COPIES_MODELS
from modules.ml_use_case.copied_files import copied_files
from modules.observability.contract import ConfigHistoryContract


class BaselineStack(PlatformStack):
    """Keys, backup, recorder and the account's baseline; in the home region also what is global, quotas and budgets."""

    def compose(self) -> None:
        """Place the constructs of this account and region, and publish its keys and its vault."""
        account, settings = self.place.account, self.settings.foundations
        wanted = purposes(account.roles, settings.keys, at_home=self.at_home)
        keys = KeyCatalogue(
            self,
            "keys",
            naming=self.naming,
            purposes=wanted,
            owner=owner_tags(self.organization, account).get("Owner", self.organization.contacts.operations.email),
            organization_id=self.consume(OrganizationContract).organization_id
            if opened_to_organization(wanted)
            else None,
            opened={MODEL_FILES_KEY: list(self._copied())},
        )
        AccountBaseline(
            self,
            "baseline",
            settings=settings.baseline,
            contacts=self._contacts() if self.at_home else None,
            volumes_key_arn=keys.arns["volumes"],
            internet_gateways=internet_gateways(self.organization, account, settings.baseline.internet_gateways),
        )
        AccountBackup(
            self,
            "backup",
            naming=self.naming,
            settings=settings.backup,
            key_arn=keys.arns["backup"],
            boundary_arn=self.consume(AccessContract).boundary_arn,
            roles=account.roles,
            at_home=self.at_home,
        )
        self._config()
        telemetry(self, keys.arns)
        if self.at_home:
            QuotaRequests(self, "quotas", settings=settings.quotas, roles=account.roles)
            for budget in budgets(self.organization, account, default_usd=settings.budget.default_monthly_usd):
                MonthlyBudget(
                    self, f"budget-{budget.owner}", naming=self.naming, settings=settings.budget, budget=budget
                )
        self.publish(BaselineContract(key_arns=keys.arns, **BaselineContract.names(self.naming)))

    def _copied(self) -> Iterator[Statement]:
        """What the key over projects' files says to the central registry, which copies approved models."""
        projects = copied_projects(self.organization, self.place.account) if self.at_home else ()
        if projects:
            registry = release_account(self.organization)
            edges = [self.edge(COPIES_MODELS, registry.name, project_name(project)) for project in projects]
            yield copied_files(self, self.naming, model_sync(self), edges)

    def _config(self) -> None:
        recorder, shared = self.settings.foundations.config.recorder, self.organization.settings("org")
        if recorder.source == "mlgov":
            ConfigRecorder(
                self,
                "config",
                naming=self.naming,
                settings=recorder,
                history=self.consume(ConfigHistoryContract),
                at_home=self.at_home,
            )
        if shared.foundations.config.repairs:
            self._repairs(shared.foundations.config.repair_approvers)

    def _repairs(self, approvers: Sequence[str]) -> None:
        tooling = self.organization.account_for("security-tooling", "org")
        tooling_id = self.account_id(tooling)
        # The approvals stand in a stack that comes after all baselines: named here, not read.
        there = replace(self.naming, environment=tooling.environment, account=tooling.name, account_id=tooling_id)
        approvals = named_only(ApprovalsContract, there)
        RepairDocuments(self, "repairs", naming=self.naming, approvals=approvals)
        if self.at_home:
            RepairRoles(
                self,
                "repair-roles",
                naming=self.naming,
                boundary_arn=self.consume(AccessContract).boundary_arn,
                approver_roles=approvers,
                topics=approvals.topic_arn.replace(f":{self.place.region}:", ":*:"),
                tooling_account_id=tooling_id,
            )

    def _contacts(self) -> dict[str, Contact]:
        contacts = self.organization.contacts
        return {
            kind: Contact(contact.name, contact.title, contact.email, contact.phone)
            for kind, contact in (
                ("security", contacts.security),
                ("operations", contacts.operations),
                ("billing", contacts.billing),
            )
        }


def internet_gateways(
    organization: Organization, account: Account, by_level: InternetGatewaySettings
) -> InternetGateways | None:
    """What internet gateways of the account may pass, by the guardrail level of its unit.

    None where there is a declarative policy: it reaches all accounts in units, and not the management account.
    """
    if account.unit is not None and organization.settings("org").foundations.policies.declarative.enabled:
        return None
    levels = {unit.key: unit.guardrails for unit in organization.units}
    level = DEFAULT_GUARDRAILS if account.unit is None else levels[account.unit]
    mode: InternetGateways = getattr(by_level, level)
    # The way out of every VPC leads through this account.
    return "block-ingress" if mode == "block-bidirectional" and "network" in account.roles else mode
