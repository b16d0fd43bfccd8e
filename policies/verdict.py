"""The gate's verdict: what delivery asks before an apply, and what the reports show."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from policies.record import Form, Frozen, GateFault, Outcome


class WaiverUse(Frozen):
    """The waiver that excepts a finding."""

    reason: str
    ticket: str
    owner: str
    approver: str
    expires: date

    def __str__(self) -> str:
        return f"{self.reason} ({self.ticket}, {self.owner}, approved by {self.approver}, until {self.expires})"


class DueWaiver(WaiverUse):
    """A waiver that soon ends, used or not. `days_left` is 0 on its last day; `where` is file and line."""

    where: str
    policies: tuple[str, ...]
    resource: str
    days_left: int


class Finding(Frozen):
    """One judgement, joined to its control. See `policies.report.results` for what each field holds."""

    stack: str
    address: str
    path: str | None
    line: int
    policy: str
    title: str
    control: str | None
    severity: str | None
    outcome: Outcome
    message: str
    remediation: str | None
    waiver: WaiverUse | None


class Counts(Frozen):
    """How many findings of each outcome."""

    passed: int = 0
    failed: int = 0
    waived: int = 0
    unjudged: int = 0


class StackVerdict(Frozen):
    """One stack: it passed when nothing failed and no fault concerns it.

    `file`, relative and with `/`, is where the lines of its findings are. `sha256` is of the bytes that were judged:
    that file, or with form `plan` the document made of its plan.
    """

    sha256: str
    form: Form = "stack"
    file: str
    passed: bool
    counts: Counts
    valid_until: date | None


class Verdict(Frozen):
    """The outcome of one run of the gate, sorted, without time or place: equal inputs make equal bytes."""

    version: Literal[1] = 1
    passed: bool
    valid_until: date | None
    policy_digest: str
    checkov_version: str
    waivers_sha256: str = ""
    due: tuple[DueWaiver, ...] = ()
    stacks: dict[str, StackVerdict]
    findings: tuple[Finding, ...]
    unjudged: tuple[Finding, ...]
    faults: tuple[GateFault, ...]

    @property
    def form(self) -> Form:
        """What was judged: stacks, or plans of stacks."""
        return "plan" if any(stack.form == "plan" for stack in self.stacks.values()) else "stack"

    @property
    def counts(self) -> Counts:
        """The sum over all stacks."""
        totals = {
            name: sum(getattr(stack.counts, name) for stack in self.stacks.values()) for name in Counts.model_fields
        }
        return Counts(**totals)

    def covers(self, stack_id: str, sha256: str, today: date) -> bool:
        """Whether exactly these bytes of the stack were judged and passed, and still do on this day.

        A fault of the whole run (a policy that did not load, an unfit waiver) covers no stack.
        """
        stack = self.stacks.get(stack_id)
        return (
            stack is not None
            and stack.passed
            and stack.sha256 == sha256
            and (stack.valid_until is None or today <= stack.valid_until)
            and all(fault.stack is not None for fault in self.faults)
        )

    def write(self, folder: Path, *, baseline: Verdict | None = None, links: str = "") -> None:
        """Write every format but OSCAL into the folder, `verdict.json` at last, each whole or not at all.

        `baseline` and `links` are for the summary, see `policies.report.markdown`.
        """
        from policies.report import csv, junit, markdown, results, sarif  # these modules need this one

        results.write(folder / markdown.FILE_NAME, markdown.render(self, baseline, links))
        for module in (sarif, junit, csv, results):
            results.write(folder / module.FILE_NAME, module.render(self))

    @classmethod
    def read(cls, folder: Path) -> Verdict:
        """The verdict last written there. Raises GateError when there is none or it cannot be read."""
        from policies.report import results

        return results.read(folder)
