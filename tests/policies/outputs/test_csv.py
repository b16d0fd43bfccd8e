"""CSV: RFC 4180, every finding, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv as reader
import io

import pytest

from policies.record import Outcome
from policies.report import csv
from policies.verdict import Verdict
from tests.policies.outputs.verdicts import FAULTS, HOSTILE, WAIVER, everything, finding, hostile, verdict


def rows(given: Verdict) -> list[dict[str, str]]:
    """The rows as a strict reader sees them; every row has as many cells as the header."""
    table = list(reader.reader(io.StringIO(csv.render(given), newline=""), strict=True))
    assert {len(row) for row in table} == {len(csv.HEADER)}
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


def test_the_header_is_an_interface() -> None:
    """Readers know the columns by name and place: they stay, and new ones go to the end."""
    assert csv.render(verdict([])) == (
        "outcome,severity,policy,title,control,stack,address,construct,file,line,message,remediation,"
        "waiver_reason,waiver_ticket,waiver_owner,waiver_approver,waiver_expires\r\n"
    )


def test_there_is_a_row_for_each_finding_and_each_fault() -> None:
    """Of any outcome, passed and unjudged too; faults in front, as without them the rest could be taken for good."""
    given = everything()
    found = rows(given)
    outcomes = [row["outcome"] for row in found]
    assert outcomes == ["fault"] * 4 + ["failed"] * 5 + ["waived"] * 2 + ["unjudged", "passed"]
    assert [(row["title"], row["stack"], row["message"]) for row in found[:4]] == [
        (fault.kind, fault.stack or "", fault.message) for fault in FAULTS
    ]


def test_a_row_holds_what_the_finding_holds() -> None:
    """Each field in its column; dates as YYYY-MM-DD, nothing where there is nothing."""
    (row,) = rows(verdict([finding(Outcome.WAIVED, control=None, severity=None)]))
    assert row == {
        "outcome": "waived",
        "severity": "",
        "policy": "CKV_MLGOV_7",
        "title": "Log groups are encrypted and keep for a time",
        "control": "",
        "stack": "a-trail",
        "address": "aws_x.y",
        "construct": "a-trail/trail/aws_x.y",
        "file": "cdktf.out/stacks/a-trail/cdk.tf.json",
        "line": "12",
        "message": "retention is not set",
        "remediation": "Set retention_in_days.",
        "waiver_reason": WAIVER.reason,
        "waiver_ticket": "OPS-7",
        "waiver_owner": "ops@example.com",
        "waiver_approver": "risk@example.com",
        "waiver_expires": "2027-01-31",
    }


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_is_never_a_formula(text: str) -> None:
    """A sign in front, a blank before it or a full-width form: an apostrophe makes it text, and the text is kept."""
    (row,) = rows(verdict([finding(Outcome.FAILED, message=text)]))
    assert not row["message"].lstrip().startswith(("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"))
    assert row["message"].isprintable() or set(row["message"]) & set("\t\n\u202e")
    kept = [(a, b) for a, b in zip(row["message"].removeprefix("'"), text, strict=True) if a != b]
    assert {a for a, _ in kept} <= {"\N{REPLACEMENT CHARACTER}"}


def test_rows_end_as_the_rfc_says_and_only_there() -> None:
    """CR and LF end a row; a CR inside a cell, which old readers take for the end of a row, is replaced."""
    text = csv.render(hostile())
    assert text.endswith("\r\n")
    assert text.count("\r") == text.count("\r\n") == len(rows(hostile())) + 1
