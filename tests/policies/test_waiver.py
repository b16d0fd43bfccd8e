"""A waiver excepts exactly what it names, for as long as it says; a bad one fails the gate."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from policies.catalogue import shipped
from policies.isolation import PACKAGE
from policies.known import known
from policies.plan import PlanDocument, PlannedChange
from policies.verdict import Verdict
from policies.waiver import Waivers
from tests.policies.support import TODAY, Json, gate, sound, stack, stack_file, text

pytestmark = pytest.mark.usefixtures("in_process")

GROUP = {"//": {"metadata": {"path": "a/logs/audit/group"}}, "name": "a", "retention_in_days": 365}
DOCUMENT: Json = stack({"aws_cloudwatch_log_group": {"group_1A2B": GROUP}})
POLICIES = ("CKV_MLGOV_7", "CKV_AWS_158")


def entry(**changes: object) -> str:
    """One waiver as YAML."""
    body = {"policy": "CKV_MLGOV_7", "resource": "a/*", "reason": "moved in spring", "ticket": "OPS-7",
            "owner": "ops@example.com", "approver": "risk@example.com",
            "expires": TODAY + timedelta(days=30)} | changes  # fmt: skip
    return "- " + "\n  ".join(f"{key}: {value}" for key, value in body.items() if value is not None) + "\n"


def both(**changes: object) -> str:
    """A waiver for each policy that the document fails."""
    return "".join(entry(policy=policy, **changes) for policy in POLICIES)


def judge(folder: Path, waivers: str, document: Json = DOCUMENT, *, today: date = TODAY) -> Verdict:
    """The gate's verdict of the document under these waivers."""
    return gate([stack_file(folder, "a", text(document))], folder, waivers=waivers, today=today)


@pytest.mark.parametrize(
    "glob",
    ["a/aws_cloudwatch_log_group.group_1A2B", "a/aws_cloudwatch_log_group.*", "a/logs/audit/group", "*/audit/*", "a/*"],
)
def test_a_waiver_matches_address_or_construct_path(tmp_path: Path, glob: str) -> None:
    """Either name of the resource will do; the verdict passes and says until when."""
    verdict = judge(tmp_path, both(resource=f"'{glob}'"))
    assert (verdict.passed, verdict.faults) == (True, ())
    assert verdict.valid_until == TODAY + timedelta(days=30)
    waived = [finding for finding in verdict.findings if finding.outcome == "waived"]
    told = "moved in spring (OPS-7, ops@example.com, approved by risk@example.com, until 2026-12-22)"
    assert [(finding.policy, str(finding.waiver)) for finding in waived] == [
        ("CKV_AWS_158", told),
        ("CKV_MLGOV_7", told),
    ]


def test_a_verdict_with_waivers_holds_until_the_first_ends(tmp_path: Path) -> None:
    """The stack is covered on the last day of its waivers, and not on the day after."""
    verdict = judge(tmp_path, both())
    sha256, last = verdict.stacks["a"].sha256, TODAY + timedelta(days=30)
    assert [verdict.covers("a", sha256, day) for day in (last, last + timedelta(days=1))] == [True, False]


def test_a_waiver_of_one_policy_leaves_the_others(tmp_path: Path) -> None:
    """CKV_AWS_158 is still failed when only CKV_MLGOV_7 is waived, and 1 is not 158."""
    verdict = judge(tmp_path, entry() + entry(policy="CKV_AWS_1"))
    assert {(finding.policy, finding.outcome) for finding in verdict.findings if finding.outcome != "passed"} == {
        ("CKV_MLGOV_7", "waived"),
        ("CKV_AWS_158", "failed"),
    }
    assert [(fault.kind, fault.policy) for fault in verdict.faults] == [("waiver-unmatched", "CKV_AWS_1")]


@pytest.mark.parametrize(
    ("changes", "kind", "says"),
    [
        ({"resource": "b/*"}, "waiver-unmatched", "waivers.yaml:1"),
        ({"resource": "a/aws_cloudwatch_log_group.group"}, "waiver-unmatched", "waivers.yaml:1"),
        ({"expires": TODAY - timedelta(days=1)}, "waiver-expired", "expired on 2026-11-21"),
        ({"owner": None}, "waiver-malformed", "owner Field required"),
    ],
)
def test_a_bad_waiver_is_a_fault_with_file_and_line(
    tmp_path: Path, changes: dict[str, object], kind: str, says: str
) -> None:
    """The gate fails, names the line, and the waiver excepts nothing."""
    verdict = judge(tmp_path, entry(**changes))
    assert [fault.kind for fault in verdict.faults] == [kind]
    assert "waivers.yaml:1" in verdict.faults[0].message
    assert says in verdict.faults[0].message
    assert not verdict.passed
    assert not any(finding.waiver for finding in verdict.findings)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"expires": TODAY + timedelta(days=366)}, "more than 365 days"),
        ({"expires": "soon"}, "expires"),
        ({"expires": "'2026-12-01'"}, "expires"),
        ({"expires": "2026-12-01T10:00:00Z"}, "expires"),
        ({"expires": None}, "expires"),
        ({"owner": None}, "owner"),
        ({"reason": "' '"}, "reason"),
        ({"ticket": None}, "ticket Field required"),
        ({"ticket": "later"}, "ticket must be a key such as SEC-104, or the https:// address"),
        ({"ticket": "OPS-0"}, "ticket must be"),
        ({"ticket": "http://tickets.example/7"}, "ticket must be"),
        ({"ticket": 7}, "ticket"),
        ({"approver": None}, "approver Field required"),
        ({"approver": "the board"}, "approver must be a mail address"),
        ({"approver": "ops@example.com"}, "approver must be somebody else than owner"),
        ({"approver": "Ops@Example.com"}, "approver must be somebody else than owner"),
        ({"approver": "ops+waivers@example.com"}, "approver must be somebody else than owner"),
        ({"policy": "'*'"}, "policy"),
        ({"resource": "'*'"}, "resource"),
        ({"resource": "'*/*'", "bulk": "true"}, "not wildcards alone"),
        ({"resource": "'[a-z]*/?*'"}, "not wildcards alone"),
        ({"bulk": "'yes'"}, "bulk"),
        ({"note": "x"}, "note"),
    ],
)
def test_a_malformed_waiver_is_none(changes: dict[str, object], says: str) -> None:
    """It excepts nothing, and its one fault names file, line and what is wrong."""
    found = Waivers.parse(entry(**changes).encode(), "waivers.yaml", today=TODAY)
    assert (found.entries, [fault.kind for fault in found.faults]) == ((), ["waiver-malformed"])
    assert found.faults[0].message.startswith("waivers.yaml:1 ")
    assert says in found.faults[0].message


@pytest.mark.parametrize(
    ("waivers", "says"),
    [
        ("", "must hold one list"),
        ("policy: x", "must hold one list"),
        ("- [", "is not YAML"),
        ("- a: 1\n- b: 2\n  b: 3\n", "waivers.yaml:3 key b stands twice"),
        ("- just text\n", "waivers.yaml:1"),
        ("[]\n---\n[]\n", "is not YAML"),
        ("- !!python/object/apply:os.getcwd []\n", "is not YAML"),
    ],
)
def test_a_file_that_holds_no_list_of_waivers_is_a_fault(tmp_path: Path, waivers: str, says: str) -> None:
    """The whole file is refused with its line."""
    verdict = judge(tmp_path, waivers, sound())
    assert [fault.kind for fault in verdict.faults] == ["waiver-malformed"]
    assert says in verdict.faults[0].message


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    """No file is not the same as no waivers."""
    from policies.gate import run

    file = stack_file(tmp_path, "a", text(sound()))
    verdict = run([file], waivers=tmp_path / "nowhere.yaml", today=TODAY, jobs=1, cache=None)
    assert [fault.kind for fault in verdict.faults] == ["waiver-malformed"]


@pytest.mark.parametrize(
    ("count", "bulk", "kinds"), [(20, None, []), (21, None, ["waiver-too-wide"]), (21, "true", [])]
)
def test_more_than_twenty_findings_need_bulk(tmp_path: Path, count: int, bulk: str | None, kinds: list[str]) -> None:
    """A waiver that covers many resources must say that it means to."""
    groups = {f"g{number}": {"name": "a", "retention_in_days": 365} for number in range(count)}
    verdict = judge(tmp_path, entry(bulk=bulk), stack({"aws_cloudwatch_log_group": groups}))
    assert [fault.kind for fault in verdict.faults] == kinds


def test_a_waiver_for_what_passes_is_unmatched(tmp_path: Path) -> None:
    """When the resource was mended, its waiver must go."""
    verdict = judge(tmp_path, entry(), sound())
    assert [fault.kind for fault in verdict.faults] == ["waiver-unmatched"]


def test_an_optional_waiver_may_match_nothing(tmp_path: Path) -> None:
    """Where an organisation lacks the stack, a waiver that says so is no fault."""
    assert judge(tmp_path, entry(resource="b/*", optional="true")).faults == ()


def test_an_optional_waiver_expires_like_any_other(tmp_path: Path) -> None:
    """Saying `optional` excuses from nothing but a match."""
    verdict = judge(tmp_path, entry(resource="b/*", optional="true", expires=TODAY - timedelta(days=1)))
    assert [fault.kind for fault in verdict.faults] == ["waiver-expired"]


@pytest.mark.parametrize("optional", [None, "true"])
def test_a_waiver_of_a_policy_that_does_not_exist_is_a_fault(tmp_path: Path, optional: str | None) -> None:
    """A misspelt id is told even where the waiver may match nothing, and in a run over some stacks."""
    from policies.gate import run

    file, waivers = stack_file(tmp_path, "a", text(sound())), tmp_path / "waivers.yaml"
    waivers.write_text(entry(policy="CKV_AWS_99999", optional=optional), encoding="utf-8")
    for partial in (False, True):
        verdict = run([file], waivers=waivers, today=TODAY, jobs=1, cache=None, partial=partial)
        assert [(fault.kind, fault.policy) for fault in verdict.faults] == [("waiver-unknown-policy", "CKV_AWS_99999")]


def test_two_waivers_of_one_finding_are_a_fault(tmp_path: Path) -> None:
    """Both are named: who answers for the exception, and until when, must be clear. Side by side they may stand."""
    verdict = judge(tmp_path, both() + entry(resource="a/logs/*", ticket="OPS-8"))
    assert [fault.kind for fault in verdict.faults] == ["waiver-overlap"]
    assert "waivers.yaml:15 matches 1 findings that waivers.yaml:1 excepts already" in verdict.faults[0].message
    assert not verdict.passed


def test_waivers_that_end_within_thirty_days_are_due(tmp_path: Path) -> None:
    """Each entry of the file once with all its policies, used or not, the first to end in front; day 31 is not."""
    later = entry(policy="CKV_AWS_1", resource="b/*", optional="true", expires=TODAY + timedelta(days=31))
    today = entry(policy="CKV_AWS_2", resource="b/*", optional="true", expires=TODAY)
    verdict = judge(tmp_path, entry(policy="[CKV_MLGOV_7, CKV_AWS_158]") + later + today)
    assert verdict.passed
    assert [(due.where, due.policies, due.days_left, due.ticket, due.approver) for due in verdict.due] == [
        ("waivers.yaml:16", ("CKV_AWS_2",), 0, "OPS-7", "risk@example.com"),
        ("waivers.yaml:1", ("CKV_MLGOV_7", "CKV_AWS_158"), 30, "OPS-7", "risk@example.com"),
    ]


def test_a_verdict_names_the_bytes_of_its_waivers(tmp_path: Path) -> None:
    """The digest of the file is that of `sha256sum`; of a file that is not there it is empty."""
    verdict = judge(tmp_path, both())
    assert verdict.waivers_sha256 == hashlib.sha256((tmp_path / "waivers.yaml").read_bytes()).hexdigest()
    assert Waivers.read(tmp_path / "nowhere.yaml", today=TODAY).sha256 == ""


def test_a_waiver_excepts_alike_what_a_plan_makes(tmp_path: Path) -> None:
    """Over a plan it excepts the same finding and ends the same day; what it may match elsewhere is no fault there."""
    change = PlannedChange(
        address="aws_cloudwatch_log_group.group_1A2B", type="aws_cloudwatch_log_group", name="group_1A2B",
        actions=["create"], after={"name": "a", "retention_in_days": 365}, unknown={},
    )  # fmt: skip
    plan = PlanDocument(stack=text(DOCUMENT).decode(), changes=[change]).model_dump_json().encode()
    file = replace(stack_file(tmp_path, "a", plan), form="plan")
    elsewhere = entry(policy="CKV_AWS_1", resource="b/*")
    verdict = gate([file], tmp_path, waivers=both() + elsewhere, partial=True)
    assert (verdict.passed, verdict.faults, verdict.counts.waived) == (True, (), 2)
    assert not verdict.covers("a", file.sha256, TODAY + timedelta(days=31))
    assert [fault.kind for fault in gate([file], tmp_path, waivers=both() + elsewhere).faults] == ["waiver-unmatched"]


def test_no_waiver_excepts_a_fault(tmp_path: Path) -> None:
    """A stack that cannot be judged stays so, whatever is waived."""
    group = GROUP | {"dynamic": {"x": {"for_each": [1], "content": {}}}}
    verdict = judge(tmp_path, both(), stack({"aws_cloudwatch_log_group": {"group_1A2B": group}}))
    assert [fault.kind for fault in verdict.faults] == ["dynamic-block"]
    assert not verdict.stacks["a"].passed


def test_the_shipped_waivers_are_well_formed() -> None:
    """Every entry of the project's own file has what a waiver needs, and is of a policy that exists."""
    shipped_waivers = Waivers.read(PACKAGE / "waivers.yaml", today=date(2026, 11, 22))
    assert shipped_waivers.faults == ()
    assert {waiver.policy for _, waiver in shipped_waivers.entries} <= known(shipped())
