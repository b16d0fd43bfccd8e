"""A verdict policy by policy, as OSCAL observes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policies.catalogue import Catalogue
from policies.record import Outcome
from policies.report.order import worst_first
from policies.report.oscal.common import id_of, nist_id
from policies.verdict import Finding, Verdict, WaiverUse

GATE = id_of("tool", "gate")
BY_GATE = [{"actors": [{"type": "tool", "actor-uuid": GATE}]}]


@dataclass(frozen=True, slots=True)
class Judged:
    """What one policy said, and the clauses of NIST that its control serves."""

    policy: str
    findings: Sequence[Finding]
    clauses: tuple[str, ...]

    @property
    def observation(self) -> str:
        return id_of("observation", self.policy)

    def of(self, outcome: Outcome) -> list[Finding]:
        return [finding for finding in self.findings if finding.outcome is outcome]

    @property
    def waivers(self) -> dict[WaiverUse, list[Finding]]:
        """What is waived, by the waiver."""
        found: dict[WaiverUse, list[Finding]] = {}
        for finding in self.findings:
            if finding.waiver:
                found.setdefault(finding.waiver, []).append(finding)
        return found


def judged(verdict: Verdict, catalogue: Catalogue) -> Iterator[Judged]:
    """What the policies of a verdict said, by policy."""
    by_policy: dict[str, list[Finding]] = {}
    for finding in (*verdict.findings, *verdict.unjudged):
        by_policy.setdefault(finding.policy, []).append(finding)
    for policy, findings in sorted(by_policy.items()):
        control = catalogue.controls.get(findings[0].control or "")
        clauses = tuple(map(nist_id, control.references.nist_800_53)) if control else ()
        yield Judged(policy, worst_first(findings), clauses)
