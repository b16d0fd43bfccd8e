"""What a finding means for the sensitivity of a table and its columns: a proposal that somebody reads and merges.

A proposal only raises. What is declared as sensitive as the finding says, or more, is left alone: Macie finds what it
knows, and the owner may know better.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from modules.data_lake.functions.propose_tags.finding import Detection, Finding

# From the loosest to the tightest, as in modules/core/lf_tags.py, which is no part of the archive.
SENSITIVITIES = ("public", "internal", "confidential", "restricted")
# What gives access, or money, is restricted wherever it is found. Who somebody is is confidential; and restricted where
# Macie gives the finding its highest severity, as it does for numbers of identity cards or health insurance.
_ALWAYS_RESTRICTED = ("CREDENTIALS", "FINANCIAL_INFORMATION")
_TOLD_AT_MOST = 50  # names that the file made up, in one message
_LENGTH_AT_MOST = 200  # of such a name
_NO_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the domain file declares it: its own sensitivity, and that of each of its columns."""

    product: str
    name: str
    sensitivity: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to raise: the `table` itself, or some of its `columns`. `undeclared` are columns that no file declares.

    Without a `declared` table the object lies where no table of the domain does: there is nothing to tag, only to tell.
    """

    finding: Finding
    domain: str
    declared: Table | None
    table: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    undeclared: tuple[str, ...] = ()

    @property
    def is_needed(self) -> bool:
        """Whether anybody must look: all else is declared as sensitive already."""
        return bool(self.declared is None or self.table or self.columns or self.undeclared)

    @property
    def place(self) -> str:
        """What it is about, in names that are declared: of anything else only the domain's."""
        return f"{self.domain}.{self.declared.product}.{self.declared.name}" if self.declared else self.domain


def propose(finding: Finding, declared: Mapping[str, Any]) -> Proposal:
    """The proposal for a finding in a zone of the domain that `declared` describes (modules/data_lake/declared.py)."""
    table = _table(finding.key, declared["products"])
    if table is None:
        return Proposal(finding, declared["domain"], None)
    whole: str | None = None
    columns: dict[str, str] = {}
    undeclared: set[str] = set()
    for detection in finding.detections:
        wanted = _wanted(detection, high=finding.high)
        if not detection.columns:
            whole = _higher(whole, wanted, table.sensitivity)
        for spelled in detection.columns:
            name = _NO_WORD.sub("_", spelled.lower()).strip("_")
            if name not in table.columns:
                undeclared.add(spelled)
            elif raised := _higher(columns.get(name), wanted, table.columns[name]):
                columns[name] = raised
    return Proposal(finding, declared["domain"], table, whole, columns, tuple(sorted(undeclared)))


def as_json(proposal: Proposal) -> str:
    """The proposal for programs."""
    finding, table = proposal.finding, proposal.declared
    return json.dumps(
        {
            "finding": finding.id,
            "found_at": finding.found_at,
            "bucket": finding.bucket,
            "key": finding.key,
            "domain": proposal.domain,
            "product": table.product if table else None,
            "table": table.name if table else None,
            "propose": {"table": proposal.table, "columns": dict(proposal.columns)},
            "undeclared_columns": list(proposal.undeclared),
            "detections": [
                {"kind": each.kind, "category": each.category, "count": each.count, "columns": sorted(each.columns)}
                for each in finding.detections
            ],
        },
        sort_keys=True,
        indent=2,
    )


def as_text(proposal: Proposal) -> str:
    """The proposal for people: a part of the domain file to merge, with the reasons in comments.

    Keys and values of it are declared names and our own words. What comes from the finding stands in comments alone,
    quoted in ASCII on one line, so that it can neither end a comment nor pass for YAML.
    """
    finding = proposal.finding
    lines = [
        f"# Proposed for domains/{proposal.domain}.yaml. Nothing is changed before somebody reviews and merges it.",
        f"# Finding {finding.id} of Amazon Macie, {_quoted(finding.found_at)}",
        f"# in s3://{_quoted(finding.bucket)}/{_quoted(finding.key)}:",
        *(f"#   {each.count} x {_quoted(each.kind)}, {_where(each.columns)}" for each in finding.detections),
    ]
    if proposal.declared is None:
        lines.append("# No product of the domain has a table there: declare it, or remove the object.")
    if proposal.undeclared:
        told = ", ".join(_quoted(name) for name in proposal.undeclared[:_TOLD_AT_MOST])
        more = len(proposal.undeclared) - _TOLD_AT_MOST
        lines.append(f"# Columns that the table does not declare: {told}{f' and {more} more' if more > 0 else ''}.")
    return "\n".join([*lines, *_patch(proposal)]) + "\n"


def _patch(proposal: Proposal) -> Sequence[str]:
    table = proposal.declared
    if table is None or not (proposal.table or proposal.columns):
        return ()
    lines = ["products:", f"  {table.product}:", "    tables:", f"      {table.name}:"]
    if proposal.table:
        lines.append(f"        sensitivity: {proposal.table} # is {table.sensitivity}")
    if proposal.columns:
        lines.append("        columns:")
    for name, raised in sorted(proposal.columns.items()):
        lines.append(f"          {name}: {{ sensitivity: {raised} }} # is {table.columns[name]}")
    return lines


def _table(key: str, products: Mapping[str, Any]) -> Table | None:
    """`<product>/<table>/...`, and in the raw zone below `incoming/`, too."""
    product, name = (*key.removeprefix("incoming/").split("/", 2), "", "")[:2]
    found = products.get(product, {}).get(name)
    return Table(product, name, found["sensitivity"], found["columns"]) if found else None


def _wanted(detection: Detection, *, high: bool) -> str:
    return "restricted" if high or detection.category in _ALWAYS_RESTRICTED else "confidential"


def _higher(proposed: str | None, wanted: str, declared: str) -> str | None:
    """The higher of what is proposed already and what is wanted, where it is above what is declared."""
    highest = max((proposed or declared, wanted), key=SENSITIVITIES.index)
    return highest if SENSITIVITIES.index(highest) > SENSITIVITIES.index(declared) else proposed


def _where(columns: frozenset[str]) -> str:
    if not columns:
        return "in columns that the finding does not tell"
    return "in " + ", ".join(_quoted(name) for name in sorted(columns)[:_TOLD_AT_MOST])


def _quoted(text: str) -> str:
    return json.dumps(text[:_LENGTH_AT_MOST])
