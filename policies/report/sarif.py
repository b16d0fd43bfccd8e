"""SARIF 2.1.0 for code hosts: failed and waived findings, and faults as tool notifications.

Beyond the OASIS schema it holds what GitHub's code scanning asks for: short and full description and help of each rule,
a severity score, a fingerprint, URIs relative to the repository, a category for stacks and one for plans, and no more
results than one run may have. A waived finding is a suppressed result; a host that does not read suppressions (GitHub's
does not) shows it as an open alert.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from policies.record import GateFault, Outcome
from policies.report.order import worst_first
from policies.verdict import Finding, StackVerdict, Verdict

FILE_NAME = "results.sarif"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"  # the base that hosts take for the root of the repository
MOST_RESULTS = 25_000  # GitHub refuses a run with more, and shows 5,000

# GitHub reads security-severity as a CVSS score: critical above 9.0, high from 7.0, medium from 4.0.
SCORES = {"CRITICAL": "9.5", "HIGH": "8.0", "MEDIUM": "5.5", "LOW": "3.0"}
LEVELS = {"CRITICAL": "error", "HIGH": "error", "MEDIUM": "warning", "LOW": "note"}

Json = dict[str, Any]


def render(verdict: Verdict) -> str:
    """The text of `results.sarif`, the worst results first. Passed findings are left out."""
    found = worst_first(finding for finding in verdict.findings if finding.outcome is not Outcome.PASSED)
    shown = found[:MOST_RESULTS]
    rules = sorted({finding.policy: finding for finding in shown}.items())
    rule_index = {policy: index for index, (policy, _) in enumerate(rules)}
    artifact_index = {stack: index for index, stack in enumerate(verdict.stacks)}
    notes = [_notification(fault, verdict.stacks) for fault in verdict.faults]
    if left_out := len(found) - len(shown):
        notes.append(_note("results-left-out", f"{left_out} results are left out; verdict.json has them all"))
    run = {
        "tool": {
            "driver": {
                "name": "mlgov gate",
                "semanticVersion": version("mlgov"),
                "properties": {"policyDigest": verdict.policy_digest},
                "rules": [_rule(finding) for _, finding in rules],
            },
            "extensions": [{"name": "checkov", "semanticVersion": verdict.checkov_version}],
        },
        "automationDetails": {"id": f"mlgov/{verdict.form}s/"},
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder that the gate ran in."}}},
        "artifacts": [_artifact(stack) for stack in verdict.stacks.values()],
        "invocations": [{"executionSuccessful": not verdict.faults, "toolExecutionNotifications": notes}],
        "results": [_result(finding, verdict.stacks, rule_index, artifact_index) for finding in shown],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _rule(finding: Finding) -> Json:
    control = f" Control {finding.control} of the catalogue, {finding.severity}." if finding.control else ""
    remedy = finding.remediation or f"Mend the resource so that this holds, or waive {finding.policy} for it."
    rule: Json = {
        "id": finding.policy,
        "shortDescription": {"text": finding.title},
        "fullDescription": {"text": f"{finding.title}.{control}"},
        "help": {"text": remedy, "markdown": f"**To do:** {remedy}"},
        "defaultConfiguration": {"level": _level(finding)},
        "properties": {"tags": [tag for tag in ("security", finding.control) if tag]},
    }
    if finding.severity:
        rule["properties"]["security-severity"] = SCORES[finding.severity]
    return rule


def _level(finding: Finding) -> str:
    """A policy without severity is taken for the worst."""
    return LEVELS[finding.severity] if finding.severity else "error"


def _result(
    finding: Finding,
    stacks: Mapping[str, StackVerdict],
    rule_index: Mapping[str, int],
    artifact_index: Mapping[str, int],
) -> Json:
    name = f"{finding.stack}/{finding.address}"
    identity = f"{finding.policy}/{name}"
    result: Json = {
        "ruleId": finding.policy,
        "ruleIndex": rule_index[finding.policy],
        "level": _level(finding),
        "message": {"text": _unlinked(f"{finding.title}: {finding.message}")},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _file(stacks[finding.stack]) | {"index": artifact_index[finding.stack]},
                    "region": {"startLine": finding.line},
                },
                "logicalLocations": [
                    {"fullyQualifiedName": finding.path or name, "decoratedName": name, "kind": "resource"}
                ],
            }
        ],
        "partialFingerprints": {
            # GitHub compares only this one, and would make it of a file that is not in the repository.
            "primaryLocationLineHash": hashlib.sha256(identity.encode()).hexdigest()[:16] + ":1",
            "mlgov/v1": identity,
        },
    }
    if finding.waiver:
        why = _unlinked(str(finding.waiver))
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    return result


def _artifact(stack: StackVerdict) -> Json:
    artifact: Json = {"location": _file(stack), "roles": ["analysisTarget"], "mimeType": "application/json"}
    if stack.form == "stack":  # of a plan other bytes were judged
        artifact["hashes"] = {"sha-256": stack.sha256}
    return artifact


def _file(stack: StackVerdict) -> Json:
    return {"uri": quote(stack.file), "uriBaseId": ROOT}


def _unlinked(text: str) -> str:
    """The text without what SARIF takes for a link: it may come from a stack."""
    return text.replace("](", "] (")


def _notification(fault: GateFault, stacks: Mapping[str, StackVerdict]) -> Json:
    note = _note(fault.kind, str(fault))
    if stack := stacks.get(fault.stack or ""):
        name = "/".join(part for part in (fault.stack, fault.resource) if part)
        place = {"physicalLocation": {"artifactLocation": _file(stack)}}
        note["locations"] = [place | {"logicalLocations": [{"fullyQualifiedName": name}]}]
    return note


def _note(kind: str, text: str) -> Json:
    return {"level": "error", "message": {"text": _unlinked(text)}, "descriptor": {"id": kind}}
