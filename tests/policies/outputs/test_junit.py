"""JUnit XML: the form that Jenkins and Surefire read, checked rule by rule."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

import pytest

from policies.record import Outcome
from policies.report import junit
from policies.verdict import Verdict
from tests.policies.outputs.verdicts import FAULTS, WAIVER, everything, finding, hostile, verdict

# What the schemas of Jenkins (junit-10.xsd) and Surefire allow of what the gate writes:
# element -> (required attributes, further attributes, elements below).
FORM: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": (set(), {"name", "tests", "failures", "errors", "time"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped"},
        {"time", "timestamp", "hostname", "id", "package"},
        {"testcase", "properties", "system-out", "system-err"},
    ),
    "testcase": ({"name", "classname"}, {"time", "group"}, {"skipped", "failure", "error"}),
    "failure": ({"type"}, {"message"}, set()),
    "error": ({"type"}, {"message"}, set()),
    "skipped": (set(), {"message", "type"}, set()),
}


def faults_of_form(text: str) -> list[str]:
    """What of the document readers of JUnit XML would refuse or count wrongly."""
    root = Xml.fromstring(text)
    found = [] if root.tag == "testsuites" else [f"the root is {root.tag}"]
    for element in root.iter():
        given = set(element.keys())
        required, further, below = FORM.get(element.tag, (set(), set(), set()))
        if element.tag not in FORM:
            found.append(f"{element.tag} is not known")
        if lacking := required - given:
            found.append(f"{element.tag} lacks {sorted(lacking)}")
        if surplus := given - required - further:
            found.append(f"{element.tag} has {sorted(surplus)}")
        found += [f"{child.tag} in {element.tag}" for child in element if child.tag not in below]
    for suite in root.iter("testsuite"):
        cases = suite.findall("testcase")
        counted = {"tests": len(cases)}
        counted |= {
            name: sum(case.find(kind) is not None for case in cases)
            for name, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
        }
        found += [f"{name} of {suite.get('name')}" for name, count in counted.items() if suite.get(name) != str(count)]
        found += [f"{case.get('name')} has two results" for case in cases if len(case) > 1]
    names = [suite.get("name") for suite in root]
    return found + [f"suite {name} stands twice" for name in {*names} if names.count(name) > 1]


@pytest.mark.parametrize("given", [everything(), hostile(), verdict([])], ids=["everything", "hostile", "nothing"])
def test_junit_has_the_form_that_ci_reads(given: Verdict) -> None:
    """Well-formed XML whose elements, attributes and numbers the readers accept."""
    assert faults_of_form(junit.render(given)) == []


@pytest.mark.parametrize(
    "text",
    [
        "<testsuite/>",
        "<testsuites><testsuite name='a' tests='1' failures='0' errors='0' skipped='0'/></testsuites>",
        "<testsuites><testsuite name='a' tests='0' failures='0' errors='0' skipped='0' passed='1'/></testsuites>",
    ],
    ids=["root", "count", "attribute"],
)
def test_the_form_refuses_what_is_wrong(text: str) -> None:
    """The validator of these tests can fail."""
    assert faults_of_form(text)


def test_there_is_a_suite_for_each_stack_with_its_findings_and_faults() -> None:
    """Failed, waived with the reason, faults as errors; what concerns no stack is in the gate's own suite."""
    root = Xml.fromstring(junit.render(everything()))
    names = ("tests", "failures", "errors", "skipped")
    suites = {suite.get("name"): tuple(suite.get(name) for name in names) for suite in root}
    assert suites == {
        "a-trail": ("8", "5", "1", "1"),
        "b-data lake": ("1", "0", "0", "1"),
        "mlgov gate": ("2", "0", "2", "0"),
        "not-there": ("1", "0", "1", "0"),
    }
    assert {skipped.get("message") for skipped in root.iter("skipped")} == {str(WAIVER)}
    assert {error.get("message") for error in root.iter("error")} == {str(fault) for fault in FAULTS}


def test_a_failure_says_what_where_and_what_to_do() -> None:
    """The message is the policy's; construct path and remediation follow."""
    (failure,) = Xml.fromstring(junit.render(verdict([finding(Outcome.FAILED)]))).iter("failure")
    assert failure.attrib == {"type": "CKV_MLGOV_7", "message": "retention is not set"}
    assert failure.text == "a-trail/trail/aws_x.y\nSet retention_in_days."
