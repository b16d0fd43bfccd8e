"""A verdict as OSCAL assessment results.

An observation tells of one policy what it said of each resource, or of one fault. A failed policy is an open risk, a
waiver a risk whose deviation is approved, with its deadline. A finding says of a clause of NIST SP 800-53 whether what
the gate judged of it holds; neither a waived clause nor one judged by a gate with faults counts as satisfied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from policies.catalogue import Catalogue
from policies.record import Outcome
from policies.report.order import worst_first
from policies.report.oscal.common import (
    NAMESPACE,
    NIST_800_53,
    Json,
    digest,
    id_of,
    line,
    metadata,
    moment,
    nist_id,
    props,
)
from policies.verdict import Finding, Verdict, WaiverUse

GATE, PLAN = id_of("tool", "gate"), id_of("assessment plan")
_BY_GATE = [{"actors": [{"type": "tool", "actor-uuid": GATE}]}]


@dataclass(frozen=True, slots=True)
class _Judged:
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


def results(verdict: Verdict, catalogue: Catalogue, today: date) -> Json:
    """The document's content; everything in it was found on the day."""
    judged = list(_judged(verdict, catalogue))
    by_clause: dict[str, list[_Judged]] = {}
    for policy in judged:
        for clause in policy.clauses:
            by_clause.setdefault(clause, []).append(policy)
    faults = list(dict.fromkeys(map(str, verdict.faults)))
    observations = [*_fault_observations(faults, today), *(_observation(policy, today) for policy in judged)]
    risks = [*_fault_risks(faults), *(risk for policy in judged for risk in _risks(policy))]
    result: Json = {
        "uuid": id_of("result", digest(verdict.model_dump(mode="json")), today),
        "title": f"The gate over {len(verdict.stacks)} {verdict.form}s",
        "description": "Policies judged the Terraform JSON; waivers excepted what is named in them.",
        "start": moment(today),
        "props": props(
            [
                ("passed", str(verdict.passed).lower()),
                ("policy-digest", verdict.policy_digest),
                ("waivers-sha256", verdict.waivers_sha256),
                ("checkov", verdict.checkov_version),
            ]
        ),
        "local-definitions": {"components": [_gate()]} | _some("inventory-items", list(_inventory(verdict))),
        "reviewed-controls": {"control-selections": [_selection(by_clause)]},
    }
    result |= _some("observations", observations) | _some("risks", risks)
    result |= _some("findings", [_finding(clause, by_clause[clause], verdict) for clause in sorted(by_clause)])
    return {
        "uuid": id_of("assessment-results", digest(verdict.model_dump(mode="json")), today),
        "metadata": metadata("Results of the gate", today),
        "import-ap": {"href": f"#{PLAN}"},
        "results": [result],
        "back-matter": {"resources": [_plan()]},
    }


def _judged(verdict: Verdict, catalogue: Catalogue) -> Iterator[_Judged]:
    by_policy: dict[str, list[Finding]] = {}
    for finding in (*verdict.findings, *verdict.unjudged):
        by_policy.setdefault(finding.policy, []).append(finding)
    for policy, findings in sorted(by_policy.items()):
        control = catalogue.controls.get(findings[0].control or "")
        clauses = tuple(map(nist_id, control.references.nist_800_53)) if control else ()
        yield _Judged(policy, worst_first(findings), clauses)


def _some(name: str, items: Sequence[Json]) -> Json:
    """OSCAL has no empty lists."""
    return {name: items} if items else {}


def _gate() -> Json:
    return {
        "uuid": GATE,
        "type": "validation",
        "title": "mlgov gate",
        "description": "Judges the Terraform JSON of every stack, or of its plan, by the policies of the catalogue.",
        "status": {"state": "operational"},
    }


def _plan() -> Json:
    return {
        "uuid": PLAN,
        "title": "Assessment plan",
        "description": "There is no document of its own: every policy judges every resource of its kind, in each run.",
    }


def _selection(clauses: Mapping[str, object]) -> Json:
    """The clauses that what was judged serves. OSCAL knows no empty choice: without any it is all, and no finding."""
    if clauses:
        return {"include-controls": [{"control-id": clause} for clause in sorted(clauses)]}
    return {"description": "Nothing was judged that serves a clause.", "include-all": {}}


def _inventory(verdict: Verdict) -> Iterator[Json]:
    """Every resource that a policy judged."""
    seen = {(one.stack, one.address): one for one in (*verdict.findings, *verdict.unjudged)}
    for (stack, address), one in sorted(seen.items()):
        place = f"{verdict.stacks[stack].file}:{one.line}"
        yield {
            "uuid": _subject(one),
            "description": line(f"{stack}/{address}"),
            "props": props([("stack", stack), ("address", address), ("construct", one.path), ("place", place)]),
        }


def _subject(finding: Finding) -> str:
    return id_of("resource", finding.stack, finding.address)


def _observation(judged: _Judged, today: date) -> Json:
    first = judged.findings[0]
    return {
        "uuid": judged.observation,
        "title": line(f"{judged.policy}: {first.title}"),
        "description": line(first.title),
        "props": props(
            [
                ("policy", judged.policy),
                ("control", first.control),
                ("severity", first.severity),
                *((outcome.value, len(judged.of(outcome))) for outcome in Outcome),
            ]
        ),
        "methods": ["TEST"],
        "origins": _BY_GATE,
        "subjects": [
            {
                "subject-uuid": _subject(finding),
                "type": "inventory-item",
                "props": props([("outcome", finding.outcome.value), ("message", finding.message)]),
            }
            for finding in judged.findings
        ],
        "collected": moment(today),
    }


def _risks(judged: _Judged) -> Iterator[Json]:
    if failed := judged.of(Outcome.FAILED):
        risk = _risk(judged, failed, "open")
        if failed[0].remediation:
            response = {
                "uuid": id_of("response", judged.policy),
                "lifecycle": "recommendation",
                "title": f"Meet {judged.policy}",
                "description": failed[0].remediation,
            }
            risk["remediations"] = [response]
        yield risk
    for waiver, findings in judged.waivers.items():
        risk = _risk(judged, findings, "deviation-approved", waiver)
        risk["deadline"] = moment(waiver.expires)
        risk["props"] += props([(name, value) for name, value in waiver if name not in ("reason", "expires")])
        yield risk


def _risk(judged: _Judged, findings: Sequence[Finding], status: str, waiver: WaiverUse | None = None) -> Json:
    first = findings[0]
    where = ", ".join(sorted(f"{finding.stack}/{finding.address}" for finding in findings))
    risk: Json = {
        "uuid": _risk_id(judged.policy, waiver),
        "title": line(f"{judged.policy} is {'waived' if waiver else 'not met'}: {first.title}"),
        "description": line(f"{len(findings)} resources: {where}"),
        "statement": line(waiver.reason if waiver else first.message),
        "props": props([("policy", judged.policy), ("control", first.control)]),
        "status": status,
        "origins": _BY_GATE,
        "related-observations": [{"observation-uuid": judged.observation}],
    }
    if first.severity:
        facet = {"name": "severity", "system": NAMESPACE, "value": first.severity}
        risk["characterizations"] = [{"origin": _BY_GATE[0], "facets": [facet]}]
    return risk


def _risk_id(policy: str, waiver: WaiverUse | None) -> str:
    return id_of("risk", policy, waiver.model_dump(mode="json") if waiver else None)


def _fault_observations(faults: Iterable[str], today: date) -> Iterator[Json]:
    for fault in faults:
        yield {
            "uuid": id_of("fault", fault),
            "title": "The gate could not judge",
            "description": line(fault),
            "methods": ["TEST"],
            "origins": _BY_GATE,
            "collected": moment(today),
        }


def _fault_risks(faults: Iterable[str]) -> Iterator[Json]:
    for fault in faults:
        yield {
            "uuid": id_of("risk of fault", fault),
            "title": "The gate could not judge",
            "description": line(fault),
            "statement": "Something may break a policy unseen; no waiver excepts this.",
            "status": "open",
            "origins": _BY_GATE,
            "related-observations": [{"observation-uuid": id_of("fault", fault)}],
        }


def _finding(clause: str, policies: Sequence[_Judged], verdict: Verdict) -> Json:
    state, reason, why = _state(policies, verdict)
    controls = sorted({policy.findings[0].control or "" for policy in policies})
    risks = [_risk_id(policy.policy, None) for policy in policies if policy.of(Outcome.FAILED)]
    risks += [_risk_id(policy.policy, waiver) for policy in policies for waiver in policy.waivers]
    finding: Json = {
        "uuid": id_of("finding", clause),
        "title": f"{clause.upper()} by {', '.join(controls)}",
        "description": f"Of this clause the gate judges what {', '.join(controls)} ask of resources, and nothing else.",
        "origins": _BY_GATE,
        "target": {
            "type": "statement-id",
            "target-id": f"{clause}_smt",
            "links": [{"href": NIST_800_53, "rel": "reference"}],
            "status": {"state": state, "reason": reason, "remarks": why},
        },
        "related-observations": [{"observation-uuid": policy.observation} for policy in policies],
    }
    return finding | _some("related-risks", [{"risk-uuid": risk} for risk in risks])


def _state(policies: Sequence[_Judged], verdict: Verdict) -> tuple[str, str, str]:
    """The state of a clause, its reason in OSCAL's word and in ours; the worst counts."""
    failed, waived, passed = (
        sum(len(policy.of(outcome)) for policy in policies)
        for outcome in (Outcome.FAILED, Outcome.WAIVED, Outcome.PASSED)
    )
    if failed:
        return "not-satisfied", "fail", f"{failed} resources do not meet a policy."
    if verdict.faults:
        return "not-satisfied", "other", f"The gate has {len(verdict.faults)} faults, so it may have missed something."
    if waived:
        return "not-satisfied", "other", f"{waived} deviations are approved by waivers."
    if not passed:
        return "not-satisfied", "other", "No policy could say anything of a resource."
    return "satisfied", "pass", f"All {passed} judgements are good."
