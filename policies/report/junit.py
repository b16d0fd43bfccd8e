"""JUnit XML for CI: a suite per stack with a case per finding and per fault, and a suite for faults of no stack.

No case has a duration: the gate judges all policies of a stack at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as Xml

from policies.record import GateFault, Outcome
from policies.verdict import Finding, Verdict

FILE_NAME = "junit.xml"
NAME = "mlgov gate"

# XML 1.0 has no form for these characters, escaped or not.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(verdict: Verdict) -> str:
    """The text of `junit.xml`: failed is a failure, waived is skipped with its reason, a fault is an error."""
    findings: dict[str | None, list[Finding]] = {}
    for finding in verdict.findings:
        findings.setdefault(finding.stack, []).append(finding)
    faults: dict[str | None, list[GateFault]] = {}
    for fault in verdict.faults:
        faults.setdefault(fault.stack, []).append(fault)
    root = Xml.Element("testsuites", name=NAME)
    # A stack twice or missing is a fault of a stack that the verdict may not list.
    for stack in (*verdict.stacks, *(name for name in faults if name not in verdict.stacks)):
        _suite(root, stack or NAME, findings.get(stack, ()), faults.get(stack, ()))
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _suite(root: Xml.Element, name: str, findings: Sequence[Finding], faults: Sequence[GateFault]) -> None:
    counts = {
        "tests": len(findings) + len(faults),
        "failures": sum(finding.outcome is Outcome.FAILED for finding in findings),
        "errors": len(faults),
        "skipped": sum(finding.outcome is Outcome.WAIVED for finding in findings),
    }
    numbers = {key: str(value) for key, value in counts.items()}
    suite = Xml.SubElement(root, "testsuite", {"name": _text(name)} | numbers)
    for finding in findings:
        _case(suite, finding)
    for fault in faults:
        where = " ".join(part for part in (fault.kind, fault.policy, fault.resource) if part)
        case = Xml.SubElement(suite, "testcase", classname=_text(f"{name}.fault"), name=_text(where))
        Xml.SubElement(case, "error", type=_text(fault.kind), message=_text(str(fault)))


def _case(suite: Xml.Element, finding: Finding) -> None:
    name = f"{finding.policy} {finding.title}: {finding.address}"
    case = Xml.SubElement(suite, "testcase", classname=_text(f"{finding.stack}.{finding.policy}"), name=_text(name))
    if finding.outcome is Outcome.FAILED:
        failure = Xml.SubElement(case, "failure", type=finding.policy, message=_text(finding.message))
        failure.text = _text("\n".join(part for part in (finding.path, finding.remediation) if part))
    elif finding.waiver:
        Xml.SubElement(case, "skipped", message=_text(str(finding.waiver)))


def _text(value: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", value)
