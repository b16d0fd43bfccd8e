"""What the report's page shows: plain, frozen data that compares by value.

`policies.report.data.collect` builds it; `policies.report.html` draws it; neither needs the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from policies.catalogue import Control, Kind
from policies.report import status
from policies.report.costs import Cost
from policies.report.findings import DueWaiver, Finding
from policies.report.models import Model
from policies.report.releases import Release
from policies.report.status import Status

ENVIRONMENTS = ("org", "prod", "test", "dev")


def environment_rank(environment: str) -> int:
    """The place of an environment wherever the page orders by it; one we do not know stands last."""
    return ENVIRONMENTS.index(environment) if environment in ENVIRONMENTS else len(ENVIRONMENTS)


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate's judgement of one stack, or of all, with the number of results of each outcome."""

    status: Status = status.NOT_RUN
    passed: int = 0
    failed: int = 0
    waived: int = 0
    unjudged: int = 0

    @property
    def scanned(self) -> bool:
        """Whether there are counts to show."""
        return self.status not in (status.NOT_RUN, status.GATE_MISSING)


@dataclass(frozen=True, slots=True)
class Run:
    """One stack in the last apply or plan. `seconds` is wall time, None where nothing was started.

    `changes` counts resources in words; `error` is a line, `detail` what Terraform said beyond it.
    """

    status: Status = status.NOT_RUN
    seconds: float | None = None
    changes: str = ""
    error: str = ""
    detail: str = ""
    log: str = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """One Terraform root with everything known of it.

    `name` is what it is called within its account; `wave` is 0 for a stack that waits for no other. `plan_gate`
    and `plan_findings` are what the policies say of its saved plan; `drift` is what the last look for drift found.
    """

    id: str
    name: str
    module: str
    account: str
    environment: str
    region: str
    resources: int
    sha256: str
    depends_on: tuple[str, ...]
    needed_by: tuple[str, ...]
    wave: int
    status: Status
    gate: Gate
    apply: Run
    plan: Run
    findings: tuple[Finding, ...]
    plan_gate: Gate
    plan_findings: tuple[Finding, ...]
    drift: Run = Run()


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the tree. `id` is empty where the organisation stack assigns it.

    `origins` are the places in the YAML that it comes from, from the configuration folder on.
    """

    name: str
    id: str
    environment: str
    roles: tuple[str, ...]
    team: str
    domain: str
    origins: tuple[str, ...]
    stacks: tuple[str, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisational unit with its accounts and its units, each sorted by name."""

    name: str
    accounts: tuple[Account, ...]
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy over all stacks. `findings` holds what failed or is waived."""

    id: str
    control: str
    severity: str
    title: str
    passed: int
    failed: int
    waived: int
    unjudged: int
    findings: tuple[Finding, ...]


class Mark(StrEnum):
    """What a kind of point does for a control in an account, worst first; where several are true, the first counts.

    failed: a resource breaks a policy. missing: asked for, and not there. waived: a breach is excepted for a time.
    carried: in force. unused: nothing here asks for it. none: the control has no such point, for a written reason.
    """

    FAILED = "failed"
    MISSING = "missing"
    WAIVED = "waived"
    CARRIED = "carried"
    UNUSED = "unused"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Carriers:
    """The resources of one stack that carry a point."""

    stack: str
    addresses: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.addresses)


@dataclass(frozen=True, slots=True)
class PointView:
    """One point of a control: `accounts` are those it reaches, `reason` says why it is not carried."""

    kind: Kind
    name: str
    mark: Mark
    reason: str
    accounts: tuple[str, ...]
    carriers: tuple[Carriers, ...]


@dataclass(frozen=True, slots=True)
class ControlView:
    """One control over all accounts. `cells` has a mark of each kind for each account of the matrix, in its order."""

    control: Control
    mark: Mark
    cells: tuple[tuple[Mark, ...], ...]
    points: tuple[PointView, ...]
    findings: tuple[Finding, ...]

    @property
    def area(self) -> str:
        """The file of the catalogue it stands in."""
        return self.control.id.partition("-")[0]

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Each mark that the control has anywhere, worst first."""
        found = {self.mark}.union(*self.cells)
        return tuple(mark for mark in Mark if mark in found)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Control x account x kind of point. Accounts stand by environment, controls by area and id."""

    accounts: tuple[Account, ...]
    controls: tuple[ControlView, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A clause of a framework with the controls that serve it."""

    clause: str
    controls: tuple[ControlView, ...]


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework's clauses that the catalogue names. `proposed`: the mapping is ours, published by no one else."""

    key: str
    title: str
    proposed: bool
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything the page shows.

    `reason` says in a sentence why the verdict is what it is; `target` is what the last apply changed,
    `aws` or `emulated`, empty without one.
    """

    organization: str
    partition: str
    home_region: str
    management_account_id: str
    today: date
    gate: Gate
    reason: str
    target: str
    root: Unit
    stacks: tuple[Stack, ...]
    policies: tuple[Policy, ...]
    findings: tuple[Finding, ...]
    due: tuple[DueWaiver, ...]
    faults: tuple[str, ...]
    matrix: Matrix
    frameworks: tuple[Framework, ...]
    provenance: tuple[tuple[str, str], ...]
    models: tuple[Model, ...] = ()
    releases: tuple[Release, ...] = ()
    cost: Cost | None = None

    @property
    def gated(self) -> bool:
        """Whether there is a verdict at all."""
        return self.gate.status != status.NOT_RUN
