"""The report's data: what is joined, what is said of it, and what makes a verdict worthless."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from delivery.run_result import RunResult
from environments.manifest import Manifest
from policies.report import summary
from policies.report.model import ReportData, Stack
from policies.verdict import Verdict
from tests.policies.report.sample import collected

Json = dict[str, Any]


def stack(data: ReportData, name: str) -> Stack:
    return next(stack for stack in data.stacks if stack.id == name)


def test_the_sample_is_what_synthesis_gate_and_delivery_write(
    manifest: Json, verdict: Json, applied: Json, planned: Json
) -> None:
    """The dicts these tests start from are accepted by the models that write the real files."""
    Manifest.model_validate_json(json.dumps(manifest))
    Verdict.model_validate_json(json.dumps(verdict))
    for result in (applied, planned):
        RunResult.model_validate_json(json.dumps(result))


def test_every_stack_has_one_status_the_worst_of_its_parts(data: ReportData) -> None:
    """A stack's status is the worst of apply, gate and plan, and names the part if the word does not."""
    words = {
        name: stack(data, name).status.word
        for name in (
            "management-bootstrap",
            "payments-baseline",
            "network-baseline",
            "observability-prod-observability",
            "feature-store-feature-store",
        )
    }
    assert words == {
        "management-bootstrap": "applied",
        "payments-baseline": "gate failed",
        "network-baseline": "drift",
        "observability-prod-observability": "apply failed",
        "feature-store-feature-store": "blocked",
    }


def test_waves_put_a_stack_behind_all_it_waits_for(data: ReportData) -> None:
    """A stack's wave is one more than the highest wave among its dependencies."""
    waves = {stack.id: stack.wave for stack in data.stacks}
    assert waves["management-bootstrap"] == 0
    for item in data.stacks:
        assert item.wave == max((waves[name] + 1 for name in item.depends_on), default=0)


def test_a_dependency_outside_the_synthesis_delays_nothing(manifest: Json, today: date) -> None:
    """With only some stacks synthesised, a dependency that is not among them counts for no wave."""
    manifest["stacks"] = [entry for entry in manifest["stacks"] if entry["id"] == "network-baseline"]
    only = collected(manifest, None, None, None, today).stacks[0]
    assert (only.wave, only.depends_on) == (0, ("management-organization", "network-access"))


def test_a_manifest_out_of_order_is_refused(manifest: Json, today: date) -> None:
    """A stack listed before one it depends on is an error that names both."""
    manifest["stacks"].reverse()
    with pytest.raises(ValueError, match="feature-store-feature-store before feature-store-baseline"):
        collected(manifest, None, None, None, today)


def test_an_account_of_no_unit_is_refused(manifest: Json, today: date) -> None:
    """An account whose unit the manifest lacks is an error that names it: the tree would leave it out."""
    manifest["organization"]["units"] = [
        unit for unit in manifest["organization"]["units"] if unit["key"] != "data-prod"
    ]
    with pytest.raises(ValueError, match="no unit for account data-governance, customers, payments"):
        collected(manifest, None, None, None, today)


def test_days_left_count_from_the_given_date(manifest: Json, verdict: Json, today: date) -> None:
    """A waiver has 17 days left on 22 November and is over by one day on 10 December."""
    for day, left in ((today, 17), (date(2026, 12, 9), 0), (date(2026, 12, 10), -1)):
        uses = summary.waivers(collected(manifest, verdict, None, None, day).findings)
        assert uses[0].waiver.days_left == left


def test_without_verdict_the_gate_has_not_run(manifest: Json, today: date) -> None:
    """No verdict means `not run`, never `passed`, for the whole and for every stack."""
    data = collected(manifest, None, None, None, today)
    assert data.gate.status.word == "not run"
    assert {stack.status.word for stack in data.stacks} == {"not run"}


def test_a_verdict_without_stacks_does_not_pass(manifest: Json, verdict: Json, today: date) -> None:
    """A verdict that claims to have passed but covers no stack is shown as `not scanned`."""
    verdict.update(passed=True, stacks={}, findings=[])
    data = collected(manifest, verdict, None, None, today)
    assert data.gate.status.word == "not scanned"
    assert "management-bootstrap" in data.reason


def test_a_verdict_over_no_stack_does_not_pass(manifest: Json, verdict: Json, today: date) -> None:
    """Where nothing was synthesised nothing can have passed."""
    manifest["stacks"] = []
    verdict.update(passed=True, stacks={}, findings=[])
    assert collected(manifest, verdict, None, None, today).gate.status.word == "not scanned"


def passing(verdict: Json) -> Json:
    verdict["passed"] = True
    verdict["findings"] = [record for record in verdict["findings"] if record["outcome"] != "failed"]
    for judged in verdict["stacks"].values():
        judged["passed"] = True
        judged["counts"]["failed"] = 0
    return verdict


def test_a_passed_verdict_is_shown_as_passed(manifest: Json, verdict: Json, today: date) -> None:
    """A verdict over exactly these bytes, without a failure and in date, is shown as `passed`."""
    assert collected(manifest, passing(verdict), None, None, today).gate.status.word == "passed"


def test_a_verdict_over_other_bytes_is_out_of_date(manifest: Json, verdict: Json, today: date) -> None:
    """A stack that changed after the scan makes the verdict `out of date` and is named."""
    passing(verdict)["stacks"]["network-baseline"]["sha256"] = "0" * 64
    data = collected(manifest, verdict, None, None, today)
    assert data.gate.status.word == "out of date"
    assert data.reason.startswith("network-baseline changed")
    assert stack(data, "network-baseline").status.word == "gate out of date"


def test_a_verdict_past_its_date_has_expired(manifest: Json, verdict: Json, today: date) -> None:
    """A verdict holds on the last day of its first waiver to end, and has expired on the next."""
    last = date.fromisoformat(passing(verdict)["valid_until"])
    assert collected(manifest, verdict, None, None, last).gate.status.word == "passed"
    assert collected(manifest, verdict, None, None, last + timedelta(days=1)).gate.status.word == "expired"


def test_a_plan_older_than_the_apply_is_no_drift(manifest: Json, applied: Json, planned: Json, today: date) -> None:
    """Changes planned before the last apply say nothing of today, so they are no drift."""
    planned["started"] = "2026-11-22T08:00:00Z"
    plan = stack(collected(manifest, None, applied, planned, today), "network-baseline").plan
    assert (plan.status.word, plan.status.tone) == ("older than the apply", "none")


def test_changes_without_an_apply_are_planned_changes(manifest: Json, planned: Json, today: date) -> None:
    """Drift is said only of a stack that stood applied; before that, changes are planned."""
    assert (
        stack(collected(manifest, None, None, planned, today), "network-baseline").plan.status.word == "changes planned"
    )


def test_attention_lists_failures_before_warnings(data: ReportData) -> None:
    """Attention starts with what failed, and holds drift, blocked stacks and waivers that end soon."""
    words = [item.status.word for item in summary.attention(data)]
    assert words == ["gate failed", "apply failed", "drift", "blocked", "waiver"]


def test_policies_with_failures_come_first(data: ReportData) -> None:
    """Policies are ordered by failed, then waived, then severity."""
    assert [policy.id for policy in data.policies][:5] == [
        "CKV_MLGOV_1",
        "CKV_MLGOV_2",
        "CKV_MLGOV_7",
        "CKV2_AWS_62",
        "CKV_AWS_111",
    ]


def test_the_tree_holds_every_account_once(manifest: Json, data: ReportData) -> None:
    """Every account of the manifest stands in the organisation tree exactly once."""
    assert summary.accounts(data.root) == len(manifest["organization"]["accounts"])
