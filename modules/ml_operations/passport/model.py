"""What a passport says: what was demanded of a release, and the evidence that was found. Types alone.

Times are text of ISO 8601 in UTC, digests SHA-256 in lower-case hexadecimal, paths relative to the folder of the
version's files in the central bucket. What is None, or empty, was not found; `evidence.gaps` says what that means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from modules.ml_operations.layout import MonitorKind

FORMAT: Literal[1] = 1
Risk = Literal["low", "medium", "high"]
CardStatus = Literal["PendingReview", "Approved"]
Severity = Literal["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNDEFINED", "UNTRIAGED"]


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding of image scans that is tolerated through the day `until`, and why."""

    finding: str
    until: str
    reason: str


@dataclass(frozen=True, slots=True)
class Demands:
    """What a release of the project needs. Exactly one of the bounds of `metric` is set.

    `approvers`: how many different people must have approved. `facets` are the columns whose bias must be measured,
    `baselines` the kinds of monitors that need one. `lineage` are the keys of the version's metadata that must be
    filled, `features` the groups of features that these must name. `publishers` are accounts, of AWS or trusted by
    settings, whose images may be used without a scan of ours; `refuses` are the severities of findings with which an
    image of ours is refused.
    `tested`: there is a place before production, in which the version must have passed the integration test.
    """

    project: str
    team: str
    risk: Risk
    metric: str
    at_least: float | None
    at_most: float | None
    facets: tuple[str, ...]
    baselines: tuple[MonitorKind, ...]
    lineage: tuple[str, ...]
    features: tuple[str, ...]
    approvers: int
    card: CardStatus
    refuses: tuple[Severity, ...]
    waivers: tuple[Waiver, ...]
    publishers: tuple[str, ...]
    tested: bool


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved, by the ARN of the session, and when."""

    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Approvals:
    """Who made the version in dev and approved it there; what registered its central copy, and who approved that."""

    author: str | None
    development: Approval | None
    registered_by: str | None
    central: Approval | None


@dataclass(frozen=True, slots=True)
class File:
    """A file of the version. `bytes` and `checksum` are the manifest's, `found` is what the bucket's bytes come to.

    A checksum is S3's: SHA-256 in base64, or that of the parts' hashes with their number behind a hyphen.
    """

    path: str
    bytes: int
    checksum: str
    found: str | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """The list of files. `approved` is the hash that the version in the registry carries, `sha256` what it hashes to.

    `unlisted` are files that lie in the folder and are not in the manifest, `outside` what its containers load
    from elsewhere.
    """

    approved: str | None
    sha256: str
    files: tuple[File, ...]
    unlisted: tuple[str, ...]
    outside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BiasReport:
    """A report of bias, and the facets of which it tells a metric for every group."""

    path: str
    measured: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExplainabilityReport:
    """A report of what the model goes by, and of how many columns or words it tells.

    The words themselves are customers', and do not belong into a record that nobody can delete.
    """

    path: str
    explained: int


@dataclass(frozen=True, slots=True)
class Reports:
    """What the version was judged by: `metric` is the value of the demanded metric in the file `evaluation`."""

    evaluation: str | None
    metric: float | None
    data_bias: BiasReport | None
    model_bias: BiasReport | None
    explanations: ExplainabilityReport | None


@dataclass(frozen=True, slots=True)
class Baseline:
    """The files of a monitor's baseline that are there and hold something."""

    kind: MonitorKind
    statistics: str | None
    constraints: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a scan found in an image, such as CVE-2026-0001."""

    id: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Scan:
    """What ECR says of an image: its status there, how many findings by severity, and those that are refused by it."""

    status: str
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Image:
    """A container. `scan` is None where there is none, as of images that AWS publishes: it scans these itself."""

    uri: str
    registry: str
    digest: str | None
    scan: Scan | None


@dataclass(frozen=True, slots=True)
class Card:
    """The model card of the project, as the registry keeps it."""

    name: str
    version: int
    status: str
    risk: str | None
    owner: str | None


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the integration test."""

    name: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class IntegrationTest:
    """What the test environment said of the version, in which execution of the pipeline."""

    execution_id: str
    model_package_arn: str
    passed: bool
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found about one version in the central registry, in one execution of the release pipeline."""

    model_package_arn: str
    source_version: str | None
    status: str
    execution_id: str
    approvals: Approvals
    manifest: Manifest | None
    reports: Reports
    baselines: tuple[Baseline, ...]
    lineage: Mapping[str, str]
    images: tuple[Image, ...]
    card: Card | None
    test: IntegrationTest | None


@dataclass(frozen=True, slots=True)
class Passport:
    """The whole. `as_of` is the day on which it was complete: waivers of findings hold on that day.

    It holds no other time of its own: the same evidence on the same day gives the same bytes, and S3 keeps when.
    """

    format: Literal[1]
    as_of: str
    demands: Demands
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Gap:
    """Evidence that is missing: of what, what is wrong, and what to do about it."""

    item: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.item}: {self.what}. {self.remedy}."


class PassportError(Exception):
    """No passport, or one that proves nothing. `gaps` are all that is missing, where evidence is."""

    def __init__(self, what: str, gaps: tuple[Gap, ...] = ()) -> None:
        self.gaps = gaps
        super().__init__("\n".join((what, *(f"- {gap}" for gap in gaps))))
