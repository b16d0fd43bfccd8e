"""A policy that is not in force is a fault, whatever keeps it from it. One scan over a tree of broken policies."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from policies.isolation import PACKAGE
from policies.verdict import Verdict
from tests.policies.support import TODAY, gate, sound, stack_file, text

HEAD = """
from policies.checks.base import PASSED, PlatformCheck, StackCheck
class Broken({base}):
    policy, title, control, resources = "{policy}", "broken", "{control}", ("aws_cloudwatch_log_group",)
    def subjects(self, stack):
        return stack.resources("aws_cloudwatch_log_group")
    def judge(self, *given):
        {body}
"""
INSTANCE = "check = Broken()\n"


def _python(
    policy: str, body: str, *, control: str = "TEST-01", base: str = "PlatformCheck", end: str = INSTANCE
) -> str:
    return HEAD.format(policy=policy, body=body, control=control, base=base) + end


def _graph(policy: str, definition: str) -> str:
    return f"metadata: {{id: {policy}, name: broken, category: GENERAL_SECURITY}}\ndefinition: {definition}\n"


CLAIMED = [f"CKV_MLGOV_{number}" for number in range(901, 910)] + [f"CKV2_MLGOV_{number}" for number in range(901, 907)]
FILES = {
    "json.py": _python("CKV_MLGOV_908", "return PASSED"),  # the name of a module that all of Python uses
    "waivers.yml": "[]\n",
    "mlgov_import.py": "import nothing_of_that_name\n",
    "mlgov_no_instance.py": _python("CKV_MLGOV_901", "return PASSED", end=""),
    "mlgov_raises.py": _python("CKV_MLGOV_902", "raise KeyError('lost')"),
    "mlgov_stack_raises.py": _python("CKV_MLGOV_903", "raise KeyError('lost')", base="StackCheck"),
    "mlgov_prints.py": _python("CKV_MLGOV_904", "print('hello'); return PASSED"),
    "mlgov_phones.py": _python("CKV_MLGOV_905", "import socket; socket.getaddrinfo('example.invalid', 80)"),
    "mlgov_greedy.py": _python("CKV_MLGOV_909", "bytearray(5 * 2**30)"),
    "mlgov_wrong_control.py": _python("CKV_MLGOV_906", "return PASSED", control="DATA-01"),
    "mlgov_unclaimed.py": _python("CKV_MLGOV_950", "return PASSED"),
    "mlgov_taken.py": _python("CKV_AWS_66", "return PASSED"),
    "mlgov_graph_raises.yaml": _graph(
        "CKV2_MLGOV_901",
        "{cond_type: attribute, resource_types: [aws_cloudwatch_log_group],"
        " attribute: name, operator: within, value: 5}",
    ),
    "mlgov_no_condition.yaml": _graph(
        "CKV2_MLGOV_902", "{resource_types: [aws_cloudwatch_log_group], attribute: name}"
    ),
    "mlgov_operator.yaml": _graph(
        "CKV2_MLGOV_903", "{cond_type: attribute, resource_types: [aws_s3_bucket], attribute: name, operator: invented}"
    ),
    "mlgov_resource.yaml": _graph(
        "CKV2_MLGOV_905", "{cond_type: resource, resource_types: [aws_eip], operator: exists}"
    ),
    "mlgov_no_category.yaml": "metadata: {id: CKV2_MLGOV_906, name: broken}\ndefinition: {cond_type: attribute,"
    " resource_types: [aws_s3_bucket], attribute: name, operator: exists}\n",
    "mlgov_no_type.yaml": _graph("CKV2_MLGOV_904", "{cond_type: attribute, attribute: name, operator: exists}"),
}
CONTROL = f"""
- id: TEST-01
  objective: test
  severity: LOW
  rationale: test
  remediation: test
  owner: cloud-administrator
  references: {{ iso_27001: [A.8.1] }}
  missing: {{ preventive: test, detective: test }}
  policies: [{", ".join(CLAIMED)}]
"""


@pytest.fixture(scope="module", name="verdict")
def _verdict(tmp_path_factory: pytest.TempPathFactory) -> Verdict:
    folder = tmp_path_factory.mktemp("broken")
    for name in ("checks", "controls"):
        shutil.copytree(PACKAGE / name, folder / "tree" / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "tree" / "checks" / "__init__.py").unlink()
    for name, content in FILES.items():
        (folder / "tree" / "checks" / name).write_text(content, encoding="utf-8")
    (folder / "tree" / "controls" / "TEST.yaml").write_text(CONTROL, encoding="utf-8")
    return gate([stack_file(folder, "good", text(sound()))], folder, tree=folder / "tree")


def _faults(verdict: Verdict, about: str) -> list[tuple[str, str]]:
    return [(fault.kind, fault.message) for fault in verdict.faults if fault.policy == about]


@pytest.mark.parametrize(
    ("about", "kind", "says"),
    [
        ("mlgov_import.py", "policy-not-loaded", "ModuleNotFoundError"),
        ("mlgov_no_instance.py", "policy-not-loaded", "no `check = ...`"),
        ("CKV_MLGOV_902", "policy-raised", "KeyError: 'lost'"),
        ("CKV_MLGOV_903", "policy-raised", "KeyError: 'lost'"),
        ("CKV_MLGOV_905", "policy-raised", "never uses the network"),
        ("CKV_MLGOV_906", "policy-not-loaded", "the catalogue says TEST-01"),
        ("CKV_MLGOV_907", "policy-not-loaded", "no such policy is loaded"),
        ("CKV_MLGOV_909", "policy-raised", "MemoryError"),  # the scan has 4 GiB, however much the machine has
        ("CKV_MLGOV_950", "policy-not-loaded", "the catalogue says none"),
        ("waivers.yml", "policy-not-loaded", "checkov would take it for a policy"),
        ("CKV2_MLGOV_906", "policy-not-loaded", "did not load mlgov_no_category.yaml"),
        ("mlgov_taken.py", "policy-not-loaded", "its id is taken"),
        ("CKV2_MLGOV_901", "policy-raised", "TypeError"),
        ("CKV2_MLGOV_902", "policy-not-loaded", "no cond_type"),
        ("CKV2_MLGOV_903", "policy-not-loaded", "did not load mlgov_operator.yaml"),
        ("CKV2_MLGOV_904", "policy-not-loaded", "no resource_types"),
        ("CKV2_MLGOV_905", "policy-not-loaded", "no cond_type of attribute, connection, filter"),
    ],
)
def test_each_broken_policy_is_a_fault_that_names_it(verdict: Verdict, about: str, kind: str, says: str) -> None:
    """The gate names the policy or its file and says what is wrong."""
    assert any(kind == found and says in message for found, message in _faults(verdict, about)), verdict.faults


def test_a_policy_that_prints_is_a_fault(verdict: Verdict) -> None:
    """Whatever a policy or checkov prints fails the gate, for it may be the only sign of trouble."""
    printed = [fault.message for fault in verdict.faults if fault.kind == "scan-printed"]
    assert len(printed) == 1
    assert "hello" in printed[0]
    assert "network access refused" in printed[0]


def test_sound_policies_of_the_same_tree_still_judge(verdict: Verdict) -> None:
    """Broken neighbours, and a missing __init__.py, keep no other policy from its work; the gate fails all the same."""
    judged = {finding.policy for finding in verdict.findings}
    assert {"CKV_MLGOV_7", "CKV_MLGOV_10", "CKV_MLGOV_908", "CKV_AWS_158"} <= judged
    assert not verdict.passed
    assert not verdict.covers("good", verdict.stacks["good"].sha256, TODAY)


@pytest.mark.e2e
def test_a_graph_policy_with_a_fault_of_syntax_keeps_all_graph_policies_out_and_says_so(tmp_path: Path) -> None:
    """checkov's loader stops at the first file it cannot read: every graph policy is told as missing."""
    for name in ("checks", "controls"):
        shutil.copytree(PACKAGE / name, tmp_path / "tree" / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tree" / "checks" / "mlgov_syntax.yaml").write_text("metadata: {", encoding="utf-8")
    verdict = gate([stack_file(tmp_path, "good", text(sound()))], tmp_path, tree=tmp_path / "tree")
    assert any("is not a policy" in message for _, message in _faults(verdict, "mlgov_syntax.yaml"))
    assert ("canary-silent", "the scan did not reach the end of the stack") in _faults(verdict, "CKV2_MLGOV_0")


@pytest.mark.e2e
def test_a_missing_tree_fails(tmp_path: Path) -> None:
    """Without policies and catalogue nothing passes."""
    verdict = gate([stack_file(tmp_path, "good", text(sound()))], tmp_path, tree=tmp_path / "nowhere")
    assert not verdict.passed
    assert {"policy-not-loaded", "canary-silent"} <= {fault.kind for fault in verdict.faults}
