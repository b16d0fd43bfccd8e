"""A verdict as OSCAL assessment results.

An observation tells of one policy what it said of each resource, or of one fault. A failed policy is an open risk, a
waiver a risk whose deviation is approved, with its deadline. A finding says of a clause of NIST SP 800-53 whether what
the gate judged of it holds; neither a waived clause nor one judged by a gate with faults counts as satisfied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from policies.catalogue import Catalogue
from policies.record import Outcome
from policies.report.oscal.common import NIST_800_53, Json, digest, id_of, line, metadata, moment, props
from policies.report.oscal.judged import BY_GATE, GATE, Judged, judged
from policies.report.oscal.risks import of_faults, risk_id, risks
from policies.verdict import Finding, Verdict

PLAN = id_of("assessment plan")


def results(verdict: Verdict, catalogue: Catalogue, today: date) -> Json:
    """The document's content; everything in it was found on the day."""
    policies = list(judged(verdict, catalogue))
    by_clause: dict[str, list[Judged]] = {}
    for policy in policies:
        for clause in policy.clauses:
            by_clause.setdefault(clause, []).append(policy)
    faults = list(dict.fromkeys(map(str, verdict.faults)))
    observations = [*_fault_observations(faults, today), *(_observation(policy, today) for policy in policies)]
    found_risks = [*of_faults(faults), *(risk for policy in policies for risk in risks(policy))]
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
    result |= _some("observations", observations) | _some("risks", found_risks)
    result |= _some("findings", [_finding(clause, by_clause[clause], verdict) for clause in sorted(by_clause)])
    return {
        "uuid": id_of("assessment-results", digest(verdict.model_dump(mode="json")), today),
        "metadata": metadata("Results of the gate", today),
        "import-ap": {"href": f"#{PLAN}"},
        "results": [result],
        "back-matter": {"resources": [_plan()]},
    }


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


def _observation(policy: Judged, today: date) -> Json:
    first = policy.findings[0]
    return {
        "uuid": policy.observation,
        "title": line(f"{policy.policy}: {first.title}"),
        "description": line(first.title),
        "props": props(
            [
                ("policy", policy.policy),
                ("control", first.control),
                ("severity", first.severity),
                *((outcome.value, len(policy.of(outcome))) for outcome in Outcome),
            ]
        ),
        "methods": ["TEST"],
        "origins": BY_GATE,
        "subjects": [
            {
                "subject-uuid": _subject(finding),
                "type": "inventory-item",
                "props": props([("outcome", finding.outcome.value), ("message", finding.message)]),
            }
            for finding in policy.findings
        ],
        "collected": moment(today),
    }


def _fault_observations(faults: Iterable[str], today: date) -> Iterator[Json]:
    for fault in faults:
        yield {
            "uuid": id_of("fault", fault),
            "title": line(f"Fault: {fault.partition(':')[0]}"),
            "description": line(fault),
            "methods": ["TEST"],
            "origins": BY_GATE,
            "collected": moment(today),
        }


def _finding(clause: str, policies: Sequence[Judged], verdict: Verdict) -> Json:
    state, reason, why = _state(policies, verdict)
    controls = sorted({policy.findings[0].control or "" for policy in policies})
    risks = [risk_id(policy.policy, None) for policy in policies if policy.of(Outcome.FAILED)]
    risks += [risk_id(policy.policy, waiver) for policy in policies for waiver in policy.waivers]
    finding: Json = {
        "uuid": id_of("finding", clause),
        "title": f"{clause.upper()} by {', '.join(controls)}",
        "description": f"Of this clause the gate judges what {', '.join(controls)} ask of resources, and nothing else.",
        "origins": BY_GATE,
        "target": {
            "type": "statement-id",
            "target-id": f"{clause}_smt",
            "links": [{"href": NIST_800_53, "rel": "reference"}],
            "status": {"state": state, "reason": reason, "remarks": why},
        },
        "related-observations": [{"observation-uuid": policy.observation} for policy in policies],
    }
    return finding | _some("related-risks", [{"risk-uuid": risk} for risk in risks])


def _state(policies: Sequence[Judged], verdict: Verdict) -> tuple[str, str, str]:
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
