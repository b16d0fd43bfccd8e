"""SARIF 2.1.0 for code scanning: failed and waived findings, and faults as tool notifications."""

from __future__ import annotations

import json
from typing import Any

from policies.record import GateFault, Outcome
from policies.verdict import Finding, Verdict

FILE_NAME = "results.sarif"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

# GitHub reads security-severity as a CVSS-like score.
SCORES = {"CRITICAL": "9.5", "HIGH": "8.0", "MEDIUM": "5.5", "LOW": "3.0"}


def render(verdict: Verdict) -> str:
    """The text of `results.sarif`. Passed findings are left out; a waived one is a suppressed result."""
    shown = [finding for finding in verdict.findings if finding.outcome is not Outcome.PASSED]
    rules = sorted({finding.policy: finding for finding in shown}.items())
    indices = {policy: index for index, (policy, _) in enumerate(rules)}
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "mlgov gate",
                        "semanticVersion": f"{verdict.version}.0.0",
                        "properties": {
                            "checkov": verdict.checkov_version,
                            "policyDigest": verdict.policy_digest,
                        },
                        "rules": [_rule(finding) for _, finding in rules],
                    }
                },
                "columnKind": "utf16CodeUnits",
                "invocations": [
                    {
                        "executionSuccessful": not verdict.faults,
                        "toolExecutionNotifications": [_notification(fault) for fault in verdict.faults],
                    }
                ],
                "results": [_result(finding, indices, verdict) for finding in shown],
            }
        ],
    }
    return json.dumps(log, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _rule(finding: Finding) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": finding.policy,
        "shortDescription": {"text": finding.title},
        "properties": {"tags": [tag for tag in ("security", finding.control) if tag]},
    }
    if finding.severity:
        rule["properties"]["security-severity"] = SCORES[finding.severity]
    if finding.remediation:
        rule["help"] = {"text": finding.remediation}
    return rule


def _result(finding: Finding, indices: dict[str, int], verdict: Verdict) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.policy,
        "ruleIndex": indices[finding.policy],
        "level": "warning" if finding.severity in ("MEDIUM", "LOW") else "error",
        "message": {"text": f"{finding.title}: {finding.message}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": verdict.stacks[finding.stack].file},
                    "region": {"startLine": finding.line},
                },
                "logicalLocations": [
                    {
                        "fullyQualifiedName": finding.path or f"{finding.stack}/{finding.address}",
                        "kind": "resource",
                    }
                ],
            }
        ],
        "partialFingerprints": {"mlgov/v1": f"{finding.policy}/{finding.stack}/{finding.address}"},
    }
    if finding.waiver:
        why = str(finding.waiver)
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    return result


def _notification(fault: GateFault) -> dict[str, Any]:
    return {"level": "error", "message": {"text": str(fault)}, "descriptor": {"id": fault.kind}}
