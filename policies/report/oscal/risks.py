"""What failed, what is waived and what could not be judged, as risks of OSCAL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from policies.record import Outcome
from policies.report.oscal.common import NAMESPACE, Json, id_of, line, moment, props
from policies.report.oscal.judged import BY_GATE, Judged
from policies.verdict import Finding, WaiverUse


def risks(judged: Judged) -> Iterator[Json]:
    """The open risk of what failed, and one for each waiver: its deviation is approved until the deadline."""
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


def _risk(judged: Judged, findings: Sequence[Finding], status: str, waiver: WaiverUse | None = None) -> Json:
    first = findings[0]
    where = ", ".join(sorted(f"{finding.stack}/{finding.address}" for finding in findings))
    risk: Json = {
        "uuid": risk_id(judged.policy, waiver),
        "title": line(f"{judged.policy} is {'waived' if waiver else 'not met'}: {first.title}"),
        "description": line(f"{len(findings)} resources: {where}"),
        "statement": line(waiver.reason if waiver else first.message),
        "props": props([("policy", judged.policy), ("control", first.control)]),
        "status": status,
        "origins": BY_GATE,
        "related-observations": [{"observation-uuid": judged.observation}],
    }
    if first.severity:
        facet = {"name": "severity", "system": NAMESPACE, "value": first.severity}
        risk["characterizations"] = [{"origin": BY_GATE[0], "facets": [facet]}]
    return risk


def risk_id(policy: str, waiver: WaiverUse | None) -> str:
    """The id of the risk that a policy is not met, or is waived."""
    return id_of("risk", policy, waiver.model_dump(mode="json") if waiver else None)


def of_faults(faults: Iterable[str]) -> Iterator[Json]:
    """An open risk for each fault."""
    for fault in faults:
        yield {
            "uuid": id_of("risk of fault", fault),
            "title": line(f"Fault: {fault.partition(':')[0]}"),
            "description": line(fault),
            "statement": "What is broken here, or could not be judged, is excepted by no waiver.",
            "status": "open",
            "origins": BY_GATE,
            "related-observations": [{"observation-uuid": id_of("fault", fault)}],
        }
