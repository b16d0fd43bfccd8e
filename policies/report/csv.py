"""CSV for spreadsheets (RFC 4180): a row for each finding of any outcome, and one for each fault.

Cells come from stacks and waivers, so one that a spreadsheet would take for a formula begins with an apostrophe, and
control characters are replaced.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

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
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for row in _rows(verdict):
        writer.writerow([_cell(row.get(name)) for name in HEADER])
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
