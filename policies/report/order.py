"""The order in which machine-readable reports list findings."""

from __future__ import annotations

from collections.abc import Iterable

from policies.record import Outcome
from policies.report.findings import severity_rank
from policies.verdict import Finding

_OUTCOMES = (Outcome.FAILED, Outcome.WAIVED, Outcome.UNJUDGED, Outcome.PASSED)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Failed before waived, unjudged and passed; within these critical to low, one without severity last."""
    return sorted(findings, key=_rank)


def _rank(finding: Finding) -> tuple[object, ...]:
    place = (finding.policy, finding.stack, finding.address, finding.line, finding.message)
    return (_OUTCOMES.index(finding.outcome), severity_rank(finding.severity or ""), *place)
