"""CSV for spreadsheets (RFC 4180): of a verdict its findings and faults, of a coverage its matrix.

Cells come from stacks and waivers, so one that a spreadsheet would take for a formula begins with an apostrophe, and
control characters are replaced.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from policies.catalogue import KINDS
from policies.coverage import Coverage
from policies.record import GateFault
from policies.report.order import worst_first
from policies.verdict import Finding, Verdict

FILE_NAME = "results.csv"
# The names are an interface: a new column goes to the end.
HEADER = (
    "outcome",
    "severity",
    "policy",
    "title",
    "control",
    "stack",
    "address",
    "construct",
    "file",
    "line",
    "message",
    "remediation",
    "waiver_reason",
    "waiver_ticket",
    "waiver_owner",
    "waiver_approver",
    "waiver_expires",
)
FAULT = "fault"

# What a formula begins with: the signs, and their full-width forms, which spreadsheets read alike.
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")  # all but tab and line feed; and halves of pairs


def render(verdict: Verdict) -> str:
    """The text of `results.csv`: faults first, then findings with the worst in front."""
    return _table(HEADER, _rows(verdict))


def matrix(coverage: Coverage) -> str:
    """A row for each control and account, with the state of each kind of point there.

    `elsewhere` is carried, but not in this account; `none` a kind that the control does not have.
    """
    return _table(("control", "severity", "account", *KINDS), _cells(coverage))


def _cells(coverage: Coverage) -> Iterator[dict[str, object]]:
    for control in coverage.controls:
        for account in coverage.accounts:
            row: dict[str, object] = {"control": control.id, "severity": control.severity, "account": account}
            for kind in KINDS:
                here = any(account in point.accounts for point in control.points if point.kind == kind)
                state = control.of_kind(kind)
                row[kind] = state if here or state != "carried" else "elsewhere"
            yield {name: "none" if value is None else value for name, value in row.items()}


def _table(header: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in header])
    return out.getvalue()


def _rows(verdict: Verdict) -> Iterator[dict[str, object]]:
    for fault in verdict.faults:
        yield _fault(fault)
    for finding in worst_first((*verdict.findings, *verdict.unjudged)):
        yield _finding(finding, verdict.stacks[finding.stack].file)


def _fault(fault: GateFault) -> dict[str, object]:
    return {
        "outcome": FAULT,
        "policy": fault.policy,
        "title": fault.kind,
        "stack": fault.stack,
        "address": fault.resource,
        "message": fault.message,
    }


def _finding(finding: Finding, file: str) -> dict[str, object]:
    row: dict[str, object] = {
        "outcome": finding.outcome.value,
        "severity": finding.severity,
        "policy": finding.policy,
        "title": finding.title,
        "control": finding.control,
        "stack": finding.stack,
        "address": finding.address,
        "construct": finding.path,
        "file": file,
        "line": finding.line,
        "message": finding.message,
        "remediation": finding.remediation,
    }
    if waiver := finding.waiver:
        row |= {f"waiver_{name}": value for name, value in waiver}
    return row


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    if not text.isprintable():
        text = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
