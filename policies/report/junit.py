"""JUnit XML for CI: a suite per stack, a case per finding, and one suite for the faults."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as Xml

from policies.record import Outcome
from policies.verdict import Finding, Verdict

FILE_NAME = "junit.xml"

# XML 1.0 has no form for these characters, escaped or not.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(verdict: Verdict) -> str:
    """The text of `junit.xml`: failed is a failure, waived is skipped with its reason, a fault is an error."""
    root = Xml.Element("testsuites", name="mlgov gate")
    for stack in verdict.stacks:
        own = [finding for finding in verdict.findings if finding.stack == stack]
        suite = _suite(root, stack, len(own), own)
        for finding in own:
            _case(suite, finding)
    if verdict.faults:
        suite = _suite(root, "gate", len(verdict.faults), (), errors=len(verdict.faults))
        for fault in verdict.faults:
            name = _text(" ".join(part for part in (fault.kind, fault.stack) if part))
            case = Xml.SubElement(suite, "testcase", classname="gate", name=name)
            Xml.SubElement(case, "error", type=fault.kind, message=_text(str(fault)))
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _suite(root: Xml.Element, name: str, tests: int, findings: Sequence[Finding], errors: int = 0) -> Xml.Element:
    failures = sum(finding.outcome is Outcome.FAILED for finding in findings)
    skipped = sum(finding.outcome is Outcome.WAIVED for finding in findings)
    counts = {"tests": tests, "failures": failures, "errors": errors, "skipped": skipped}
    return Xml.SubElement(root, "testsuite", {"name": _text(name)} | {key: str(value) for key, value in counts.items()})


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
