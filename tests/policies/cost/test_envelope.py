"""The gate holds each environment to its envelope, over all of its stacks, and fails closed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from policies.cache import Cache
from policies.cost import envelope
from policies.record import GateFault, Scan, StackFile, StackScan
from policies.report import csv, junit, markdown, sarif
from tests.policies.cost.stacks import manifest
from tests.policies.support import TODAY, gate, stack_file, text

STACKS = {
    "a-dev-net": {"aws_nat_gateway": {"it": {}}},  # 35.04
    "b-dev-key": {"aws_kms_key": {"it": {}}},
    "c-prod-key": {"aws_kms_key": {"a": {}, "b": {}}},
}


def _judged(
    folder: Path, envelopes: Mapping[str, int], stacks: Mapping[str, Any] = STACKS, cache: Path | None = None
) -> tuple[GateFault, ...]:
    files = []
    for name, resources in stacks.items():
        path = folder / f"{name}.json"
        path.write_bytes(text({"resource": resources}))
        files.append(StackFile(name, path, str(hash(str(resources)))))
    return envelope.faults(manifest(*stacks, envelopes=envelopes), files, Cache(cache, policies="p", checkov="c"))


def test_within_the_envelope_there_is_no_fault(tmp_path: Path) -> None:
    """Exactly as much as the envelope is within it, and an environment without one is not judged."""
    assert _judged(tmp_path, {"prod": 2, "dev": 37}) == ()
    assert _judged(tmp_path, {}) == ()


def test_above_the_envelope_the_gate_fails_with_the_dearest_stacks(tmp_path: Path) -> None:
    """One fault for the environment, in the control's name: what it costs, how much is too much, where, what to do."""
    (fault,) = _judged(tmp_path, {"dev": 36, "prod": 2})
    assert (fault.kind, fault.policy, fault.stack) == ("envelope-exceeded", "COST-06", None)
    assert "the stacks of dev cost 36.04 USD a month when idle, 0.04 more than their envelope of 36.00" in fault.message
    assert "(dearest: a-dev-net 35.04, b-dev-key 1.00)" in fault.message
    assert "raise cost_reporting.idle_usd_per_month of dev" in fault.message


def test_what_is_awaited_counts(tmp_path: Path) -> None:
    """An endpoint that waits for a release is within the envelope before it is there."""
    key = {"count": "${x ? 1 : 0}"}
    assert _judged(tmp_path, {"dev": 1}, {"a-dev-key": {"aws_kms_key": {"a": key, "b": key}}})


@pytest.mark.parametrize(
    "resources",
    [{"aws_new_thing": {"it": {}}}, {"aws_kms_key": {"it": {"for_each": "${a}"}}}, {"aws_dynamodb_table": {"it": "x"}}],
)
def test_what_cannot_be_priced_is_a_fault(tmp_path: Path, resources: dict[str, Any]) -> None:
    """A type without a price, a number only Terraform knows, a block that is none: no envelope is taken as kept."""
    (fault,) = _judged(tmp_path, {"dev": 1000}, {"a-dev-net": resources})
    assert (fault.kind, fault.stack) == ("envelope-unjudged", None)


def test_only_a_judgement_without_a_fault_is_kept(tmp_path: Path) -> None:
    """A second run with the same bytes and envelopes is not reckoned again; another envelope is."""
    kept = tmp_path / "cache"
    assert _judged(tmp_path, {"dev": 40}, cache=kept) == ()
    assert len(list(kept.iterdir())) == 1
    assert _judged(tmp_path, {"dev": 10}, cache=kept)
    assert len(list(kept.iterdir())) == 1


def test_the_breach_is_in_every_output_of_the_gate_and_covers_no_stack(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """SARIF, JUnit, CSV and Markdown name it; no stack may be applied until it is mended."""
    monkeypatch.setattr("policies.gate.scan", lambda stacks, **_: Scan(stacks={one.id: StackScan() for one in stacks}))
    file = stack_file(tmp_path, "a-org-base", text({"resource": {"aws_kms_key": {"a": {}, "b": {}}}}))
    listed = manifest(file.id, envelopes={"org": 1})
    listed["stacks"][0]["depends_on"] = []
    listed["organization"] |= {"units": [], "management_account_id": "111111111111"}
    verdict = gate([file], tmp_path, manifest=listed, tree=tmp_path)
    assert not verdict.covers(file.id, file.sha256, TODAY)
    for render in (sarif.render, junit.render, csv.render, markdown.render):
        assert "envelope-exceeded" in render(verdict)
        assert "COST-06" in render(verdict)
