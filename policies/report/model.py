"""What the report's page shows: plain, frozen data that compares by value.

`policies.report.data.collect` builds it; `policies.report.html` draws it; neither needs the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from policies.report import status
from policies.report.status import Status


@dataclass(frozen=True, slots=True)
class Waiver:
    """A used waiver. `days_left` counts from the report's date: 0 on its last day, negative after it."""

    reason: str
    owner: str
    expires: date
    days_left: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A policy that a resource failed, or would have failed but for a waiver."""

    stack: str
    address: str
    path: str
    policy: str
    control: str
    severity: str
    title: str
    message: str
    remediation: str
    line: int
    waiver: Waiver | None


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

    `name` is what it is called within its account; `wave` is 0 for a stack that waits for no other.
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


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the tree. `id` is empty where the organisation stack assigns it."""

    name: str
    id: str
    environment: str
    roles: tuple[str, ...]
    team: str
    domain: str
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
    faults: tuple[str, ...]
    provenance: tuple[tuple[str, str], ...]

    @property
    def gated(self) -> bool:
        """Whether there is a verdict at all."""
        return self.gate.status != status.NOT_RUN
