"""The order in which machine-readable reports list findings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from policies.catalogue import Severity
from policies.record import Outcome
from policies.verdict import Finding

_SEVERITIES: tuple[str, ...] = get_args(Severity)
_OUTCOMES = (Outcome.FAILED, Outcome.WAIVED, Outcome.UNJUDGED, Outcome.PASSED)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Failed before waived, unjudged and passed; within these critical to low, one without severity last."""
    return sorted(findings, key=_rank)


def _rank(finding: Finding) -> tuple[object, ...]:
    severity = _SEVERITIES.index(finding.severity) if finding.severity in _SEVERITIES else len(_SEVERITIES)
    place = (finding.policy, finding.stack, finding.address, finding.line, finding.message)
    return (_OUTCOMES.index(finding.outcome), severity, *place)
