"""What may be set for the security services of the organisation. No cdktf here.

That Security Hub, GuardDuty and Access Analyzer are on in every governed region is no setting. What costs by volume
and what an organisation tunes is.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from modules.core.settings import Shape, Strict, TagValue, Text, Title

Severity = Literal["CRITICAL", "HIGH", "MEDIUM", "LOW"]
Frequency = Literal["FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS"]
Weekday = Literal["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
Standard = Literal[
    "ai-security-best-practices",
    "cis-aws-foundations-3",
    "cis-aws-foundations-5",
    "foundational-security-best-practices",
    "nist-800-53",
    "nist-800-171",
    "pci-dss-4",
    "resource-tagging",
]
Key = Annotated[
    str, Shape(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", "lower-case letters, digits and single hyphens", 40, shortest=2)
]
SecurityControlId = Annotated[
    str, Shape(r"[A-Za-z0-9]+\.[0-9]+", "the id of a Security Hub control such as SageMaker.1", 40)
]
FindingType = Annotated[
    str,
    Shape(r"[A-Za-z0-9]+:[A-Za-z0-9/.!-]+", "a GuardDuty finding type such as Recon:EC2/PortProbeUnprotectedPort", 128),
]
# What Macie reads of PCRE: https://docs.aws.amazon.com/macie/latest/user/cdis-options.html
Pattern = Annotated[
    str,
    Shape(
        r"(?:\\[^1-9\n]|\(\?:|[^\\(\n])+",
        "a regular expression whose only groups are (?:...): Macie has no captures, look-around or back-references",
        512,
    ),
]
ListLocation = Annotated[
    str,
    Shape(
        r"https://s3\.[a-z0-9.-]*amazonaws\.com/[a-z0-9.-]+/[A-Za-z0-9!_.*'()/-]+",
        "the path-style URL of an object, such as https://s3.eu-west-1.amazonaws.com/bucket/list.txt",
        300,
    ),
]


class DisabledControl(Strict):
    """A control that Security Hub does not check anywhere in the organisation, and why that is right."""

    control: SecurityControlId
    reason: Text


class AcceptedFinding(Strict):
    """Failed checks of one control that are accepted: they stay on record as suppressed, with the reason as their note.

    `resources` narrows the acceptance to ids of resources that begin so; without it every resource is meant.
    """

    control: SecurityControlId
    reason: Annotated[str, Field(min_length=1, max_length=512)]
    resources: Annotated[str, Field(min_length=1, max_length=256)] | None = None


Standards = Annotated[tuple[Standard, ...], Field(min_length=1)]


class StandardsSettings(Strict):
    """The standards that accounts are held to, by the guardrail level of the unit they stand in."""

    sandbox: Standards = ("ai-security-best-practices", "foundational-security-best-practices")
    standard: Standards = (
        "ai-security-best-practices",
        "cis-aws-foundations-5",
        "foundational-security-best-practices",
    )
    strict: Standards = (
        "ai-security-best-practices",
        "cis-aws-foundations-5",
        "foundational-security-best-practices",
        "nist-800-53",
    )
    quarantine: Standards = ("foundational-security-best-practices",)


class SecurityHubSettings(Strict):
    """Security Hub: standards, exceptions, and the severities of findings that are mailed to the security contact."""

    standards: StandardsSettings = StandardsSettings()
    disabled_controls: tuple[DisabledControl, ...] = ()
    accepted_findings: dict[Key, AcceptedFinding] = Field(default_factory=dict)
    notify: tuple[Severity, ...] = ("CRITICAL", "HIGH")

    @model_validator(mode="after")
    def _once(self) -> Self:
        names = [disabled.control for disabled in self.disabled_controls]
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"disabled_controls must name each once, and repeats {', '.join(repeated)}")
        if repeated := sorted({level for level in self.notify if self.notify.count(level) > 1}):
            raise ValueError(f"notify must name each once, and repeats {', '.join(repeated)}")
        return self


class AddressList(Strict):
    """A list of addresses in S3 that GuardDuty reads: plain text, one address or network a line."""

    location: ListLocation


class ArchivedFinding(Strict):
    """Findings of one type that GuardDuty archives as they come, and why."""

    type: FindingType
    reason: Annotated[str, Field(min_length=1, max_length=512)]


class GuardDutySettings(Strict):
    """GuardDuty: how often a recurring finding is told again, its protection plans, and lists of addresses.

    Plans are paid by volume. `runtime` brings the agent of EC2 and Fargate; `kubernetes` its audit logs and add-on.
    """

    frequency: Frequency = "FIFTEEN_MINUTES"
    s3: bool = True
    malware: bool = True
    databases: bool = True
    functions: bool = True
    runtime: bool = True
    kubernetes: bool = False
    trusted_addresses: dict[Key, AddressList] = Field(default_factory=dict)
    threat_addresses: dict[Key, AddressList] = Field(default_factory=dict)
    archived_findings: dict[Key, ArchivedFinding] = Field(default_factory=dict)


class CustomIdentifier(Strict):
    """Sensitive data that only this organisation knows: a pattern, and words of which one must stand nearby.

    `distance` is the most characters between such a word and the match.
    """

    pattern: Pattern
    description: Title
    keywords: tuple[Annotated[str, Field(min_length=3, max_length=90)], ...] = ()
    distance: Annotated[int, Field(ge=1, le=300)] = 50


class BucketTag(Strict):
    """A tag by which Macie chooses buckets."""

    key: TagValue
    value: TagValue


class MacieJobSettings(Strict):
    """The job that reads a sample of new objects once a week, in per cent, in buckets with one of these tags.

    The provider gives every bucket of a stack the tag `Module`. Zones of data domains are not among them: each domain
    has a job of its own (modules/data_lake/sensitive_data.py), and every job that reads an object is billed.
    """

    weekday: Weekday = "SUNDAY"
    sampling_percentage: Annotated[int, Field(ge=1, le=100)] = 100
    buckets: Annotated[tuple[BucketTag, ...], Field(min_length=1)] = (
        BucketTag(key="Module", value="feature_store"),
        BucketTag(key="Module", value="ml_platform"),
    )


class MacieSettings(Strict):
    """Macie: sensitive data in buckets. Results are kept for `keep_days` days."""

    enabled: bool = True
    frequency: Frequency = "FIFTEEN_MINUTES"
    keep_days: Annotated[int, Field(ge=90, le=3650)] = 400
    job: MacieJobSettings = MacieJobSettings()
    identifiers: dict[Key, CustomIdentifier] = Field(
        default_factory=lambda: {
            "model-api-token": CustomIdentifier(
                pattern=r"(?:hf|sk|ghp|glpat)[-_][A-Za-z0-9]{20,64}",
                description="Token of a model hub or code host, as it slips into notebooks and training data",
            ),
            "customer-number": CustomIdentifier(
                pattern=r"[Cc][Uu][Ss][Tt]-?[0-9]{8,12}",
                description="Internal customer number, which turns a feature into personal data",
                keywords=("customer", "client", "account holder"),
            ),
        }
    )


class InspectorSettings(Strict):
    """Inspector: what is scanned for known vulnerabilities. `function_code` reads the code itself, not its packages."""

    enabled: bool = True
    instances: bool = True
    images: bool = True
    functions: bool = True
    function_code: bool = True

    @model_validator(mode="after")
    def _something_is_scanned(self) -> Self:
        if self.enabled and not (self.instances or self.images or self.functions):
            raise ValueError("must scan instances, images or functions; to scan nothing set enabled to false")
        if self.function_code and not self.functions:
            raise ValueError("must have functions where function_code is on, as AWS asks for both")
        return self


class DetectiveSettings(Strict):
    """Detective: a graph of who did what from where, for investigations."""

    enabled: bool = True


class AccessAnalyzerSettings(Strict):
    """Access Analyzer: after how many days an unused permission, role or key is a finding."""

    unused_days: Annotated[int, Field(ge=1, le=365)] = 90


class AuditManagerSettings(Strict):
    """Audit Manager: evidence for auditors, collected from Config and Security Hub."""

    enabled: bool = False


class SecuritySettings(Strict):
    """The security services of the whole organisation, administered from the security tooling account."""

    security_hub: SecurityHubSettings = SecurityHubSettings()
    guardduty: GuardDutySettings = GuardDutySettings()
    macie: MacieSettings = MacieSettings()
    inspector: InspectorSettings = InspectorSettings()
    detective: DetectiveSettings = DetectiveSettings()
    access_analyzer: AccessAnalyzerSettings = AccessAnalyzerSettings()
    audit_manager: AuditManagerSettings = AuditManagerSettings()

    def trusted_services(self) -> tuple[str, ...]:
        """The services that need trusted access to the organisation before an account can administer them, sorted."""
        needed = {"guardduty": True, "securityhub": True, "access-analyzer": True}
        needed["malware-protection.guardduty"] = self.guardduty.malware
        needed["macie"] = self.macie.enabled
        needed["inspector2"] = self.inspector.enabled
        needed["agentless.inspector2"] = self.inspector.enabled and self.inspector.instances
        needed["detective"] = self.detective.enabled
        needed["auditmanager"] = self.audit_manager.enabled
        return tuple(sorted(f"{name}.amazonaws.com" for name, wanted in needed.items() if wanted))
