"""`<security tooling account>-security`: the security services of the whole organisation in one region."""

from __future__ import annotations

from urllib.parse import urlsplit

from environments.stacks.base import PlatformStack
from environments.units import DEFAULT_GUARDRAILS, changed_levels
from modules.foundations.contract import CiContract, OrganizationContract
from modules.foundations.security.access_analysis import AccessAnalysis
from modules.foundations.security.audit_evidence import AuditEvidence
from modules.foundations.security.availability import offered
from modules.foundations.security.contract import DetectionContract
from modules.foundations.security.finding_alerts import FindingAlerts
from modules.foundations.security.findings_store import FindingsStore
from modules.foundations.security.investigation import Investigation
from modules.foundations.security.member import Member
from modules.foundations.security.security_hub import SecurityHub, Targets
from modules.foundations.security.sensitive_data import SensitiveData
from modules.foundations.security.threat_detection import ThreatDetection
from modules.foundations.security.vulnerability_scans import VulnerabilityScans


class SecurityStack(PlatformStack):
    """Threats, sensitive data, vulnerabilities and access of all accounts; at home, where findings meet and go."""

    def compose(self) -> None:
        """Place what is regional, and at home what is central."""
        settings, available = self.settings.foundations.security, offered(self.naming.partition)
        detection = self.consume(DetectionContract)
        members = self._members()
        store = FindingsStore(
            self,
            "store",
            naming=self.naming,
            what="findings" if self.at_home else f"findings-{self.place.region}",
            keep_days=settings.macie.keep_days,
        )
        ThreatDetection(
            self,
            "threats",
            settings=settings.guardduty,
            detector_id=detection.detector_id,
            delegated=self._delegated,
            store=store,
        )
        if settings.macie.enabled and available.macie:
            SensitiveData(self, "data", naming=self.naming, settings=settings.macie, members=members, store=store)
        if settings.inspector.enabled:
            VulnerabilityScans(
                self, "vulnerabilities", naming=self.naming, settings=settings.inspector, members=members
            )
        if settings.detective.enabled and available.detective and members:
            Investigation(self, "investigation", graph_arn=detection.graph_arn, members=members)
        ci = CiContract.names(self.graph.naming_of(self.organization.management))
        AccessAnalysis(
            self,
            "access-analysis",
            naming=self.naming,
            settings=settings.access_analyzer,
            ci_role_arns=[ci["ci_plan_role_arn"], ci["ci_apply_role_arn"]],
            ci_issuer=urlsplit(self.organization.delivery.oidc.issuer).netloc,
            global_=self.at_home,
        )
        if self.at_home:
            self._home()

    def _home(self) -> None:
        organization, settings = self.organization, self.settings.foundations.security
        SecurityHub(
            self,
            "hub",
            naming=self.naming,
            settings=settings.security_hub,
            linked_regions=[region for region in organization.governed_regions if region != organization.home_region],
            targets=self._targets() if self._delegated else None,
        )
        FindingAlerts(
            self,
            "alerts",
            naming=self.naming,
            severities=settings.security_hub.notify,
            email=organization.contacts.security.email,
        )
        if settings.audit_manager.enabled:
            AuditEvidence(self, "audit", naming=self.naming)

    @property
    def _delegated(self) -> bool:
        return self.place.account != self.organization.management

    def _members(self) -> list[Member]:
        """Every other account; none where the management account watches over itself."""
        if not self._delegated:
            return []
        return [
            Member(account.name, self.account_id(account), account.email)
            for account in self.organization.accounts
            if account != self.place.account
        ]

    def _targets(self) -> Targets:
        """The root, and each unit whose level is not that of the unit above."""
        tree = self.consume(OrganizationContract)
        levels = changed_levels(self.organization.units)
        ids = {unit: tree.unit_ids[unit] for unit in levels}
        return Targets(levels={"root": DEFAULT_GUARDRAILS, **levels}, ids={"root": tree.root_id, **ids})
