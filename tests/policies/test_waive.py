"""`mlgov waive` writes what the gate would accept, leaves the rest of the file alone, and else writes nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from policies.errors import WaiverError
from policies.verdict import Verdict
from policies.waive import Proposal, problem, propose
from policies.waiver import BULK, Waivers
from tests.policies.support import TODAY
from tests.support.verdicts import FAILED, finding, verdict

KNOWN = {"CKV_AWS_18", "CKV_AWS_145"}
BODY = {
    "policy": "CKV_AWS_18",
    "resource": "a/logs/*",
    "reason": "Logs about logs: never ending. # and 'quotes' stay",
    "ticket": "SEC-104",
    "owner": "ops@example.com",
    "approver": "risk@example.com",
    "expires": TODAY + timedelta(days=90),
}
BEFORE = """# Exceptions.
- policy: CKV_AWS_145 # encrypted elsewhere
  resource: "a/state/*"
  reason: >-
    Folded
    text.
  ticket: SEC-7
  owner: ops@example.com
  approver: risk@example.com
  expires: 2027-01-31
"""


def proposed(folder: Path, before: str, found: Verdict = FAILED, **changes: Any) -> Proposal:
    """The proposal for a file of this text; the file must stay as it is until the proposal is written."""
    path = folder / "waivers.yaml"
    path.write_bytes(before.encode())
    try:
        return propose(path, BODY | changes, found, known=KNOWN, today=TODAY)
    finally:
        assert path.read_bytes() == before.encode()


def test_the_entry_is_appended_and_reads_as_it_was_meant(tmp_path: Path) -> None:
    """Comments, order and every byte before it stay; only the failed findings of its policy are excepted."""
    proposal = proposed(tmp_path, BEFORE)
    assert [found.address for found in proposal.findings] == ["aws_s3_bucket.logs"]
    proposal.write()
    assert (tmp_path / "waivers.yaml").read_text() == f"{BEFORE}\n{proposal.entry}"
    assert list(tmp_path.iterdir()) == [tmp_path / "waivers.yaml"]
    read = Waivers.read(tmp_path / "waivers.yaml", today=TODAY)
    assert read.faults == ()
    assert [waiver.model_dump(exclude_defaults=True) for _, waiver in read.entries][1:] == [BODY]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[]\n", "{}"),
        ("# none yet\n[]", "# none yet\n{}"),
        ("---\n[]\n# end\n", "---\n{}# end\n"),
        (BEFORE.rstrip(), BEFORE + "\n{}"),
        (BEFORE.replace("\n", "\r\n"), BEFORE.replace("\n", "\r\n") + "\r\n{}"),
    ],
    ids=["empty", "empty with comment", "empty document", "no line end", "lines of Windows"],
)
def test_every_common_form_of_the_file_can_grow(tmp_path: Path, before: str, after: str) -> None:
    """A list that is empty, a last line that does not end, lines that end in CR LF."""
    proposal = proposed(tmp_path, before)
    entry = proposal.entry.replace("\n", "\r\n" if "\r\n" in before else "\n")
    assert proposal.after.decode() == after.format(entry)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ticket": "later"}, "ticket must be a key such as SEC-104"),
        ({"approver": "OPS@example.com"}, "approver must be somebody else than owner"),
        ({"resource": "*/*"}, "not wildcards alone"),
        ({"expires": TODAY + timedelta(days=366)}, "more than 365 days ahead"),
        ({"expires": TODAY - timedelta(days=1)}, "expired on 2026-11-21"),
        ({"policy": "CKV_AWS_99999"}, "neither checkov nor the control catalogue has policy CKV_AWS_99999"),
        ({"resource": "b/*"}, "no failed finding of CKV_AWS_18 matches b/*"),
        ({"resource": "a/open/*"}, "no failed finding of CKV_AWS_18 matches a/open/*"),
        ({"policy": "CKV_AWS_145", "resource": "a/*"}, "matches 1 findings that waivers.yaml:2 excepts already"),
        ({"note": "x"}, "note Extra inputs"),
    ],
)
def test_what_the_gate_would_refuse_is_not_written(tmp_path: Path, changes: dict[str, Any], says: str) -> None:
    """It is told in the gate's words: malformed, too long, unknown, unmatched, overlapping."""
    with pytest.raises(WaiverError, match=says.replace("*", r"\*")):
        proposed(tmp_path, BEFORE, **changes)


@pytest.mark.parametrize(
    ("before", "says"),
    [
        ("", "must be mended first"),
        ("- policy: x\n", "must be mended first"),
        ("- {policy: x\n", "must be mended first"),
        (BEFORE + "...\n", "is not YAML"),
        ("  " + BEFORE.partition("\n")[2].replace("\n", "\n  ").rstrip(" "), "is not YAML"),
    ],
    ids=["nothing", "malformed", "not YAML", "document end", "indented list"],
)
def test_a_file_that_cannot_grow_is_left_alone(tmp_path: Path, before: str, says: str) -> None:
    """What is malformed must be mended first, and a text to which no entry can be appended is refused."""
    with pytest.raises(WaiverError, match=says):
        proposed(tmp_path, before)


def test_a_waiver_that_is_too_wide_must_say_so(tmp_path: Path) -> None:
    """More than 20 findings need `bulk`, as in the gate."""
    many = verdict(*(finding(f"logs/{number}") for number in range(BULK + 1)))
    with pytest.raises(WaiverError, match="waiver-too-wide"):
        proposed(tmp_path, BEFORE, many)
    assert len(proposed(tmp_path, BEFORE, many, bulk=True).findings) == BULK + 1


def test_an_expired_waiver_does_not_stand_in_the_way(tmp_path: Path) -> None:
    """A fault that was there before is no fault of the new entry: renewing is what it is for."""
    ended = BEFORE.replace("2027-01-31", "2026-01-31").replace("CKV_AWS_145", "CKV_AWS_18").replace("state", "logs")
    assert len(proposed(tmp_path, ended).findings) == 1


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    """Between question and answer somebody else may have written."""
    proposal = proposed(tmp_path, BEFORE)
    proposal.path.write_text(BEFORE + "# a word\n")
    with pytest.raises(WaiverError, match="changed in the meantime"):
        proposal.write()
    assert proposal.path.read_text() == BEFORE + "# a word\n"
    with pytest.raises(WaiverError, match="cannot be read"):
        propose(tmp_path / "nowhere.yaml", BODY, FAILED, known=KNOWN, today=TODAY)


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [("ticket", "SEC-104", "104"), ("owner", "a@b.example", "a"), ("resource", "a/*", "a"), ("reason", "x", " ")],
)
def test_one_answer_can_be_judged_alone(field: str, good: str, bad: str) -> None:
    """What is missing beside it says nothing about the field."""
    assert problem(field, good) == ""
    assert problem(field, bad)
