"""Rules of models that are served: what is wrong in `serving:` beside the other files."""

from __future__ import annotations

from pathlib import Path

import pytest

from environments.load import load
from tests.environments.spoiled import (
    CONFIG,
    ORGANIZATION,
    Case,
    assert_complaints,
    case,
    complaints,
    copy_of_small,
    spoil,
)

PROJECT = "projects/order-returns.yaml"
CASES = (
    case(
        "a name that leaves no room for a version",
        *(ORGANIZATION, "name: minnow\n", "name: minnow-of-the-seas\n"),
        ("project:", "project", "is too long by ", PROJECT),
    ),
    case(
        "a key without a value, which would serve nothing",
        *(PROJECT, "serving: {}", "serving:"),
        ("serving:", "serving", "must say how: write serving: {} for an endpoint as usual, or leave the key out"),
    ),
    case(
        "a list in place of keys",
        *(PROJECT, "serving: {}", "serving: [real-time]"),
        ("serving:", "serving", "must be a mapping of keys to values (got a list)"),
    ),
    case(
        "a mode with another hyphen",
        *(PROJECT, "serving: {}", "serving: { mode: real_time }"),
        ("serving:", "serving.mode", "must be one of real-time, asynchronous, serverless, batch (got real_time): did"),
    ),
    case(
        "the development stage, where nothing is served",
        *(PROJECT, "serving: {}", "serving: { dev: { at_least: 1 } }"),
        ("serving:", "serving.dev", "is not a known key (known: alarms,"),
    ),
    case(
        "a setting of requests where the backlog counts",
        *(PROJECT, "serving: {}", "serving: { mode: asynchronous, scaling: { invocations_per_minute: 5 } }"),
        ("serving:", "serving", "it scales by asynchronous.waiting_per_instance"),
    ),
    case(
        "alarms of an endpoint for runs by the calendar",
        *(PROJECT, "serving: {}", "serving: { mode: batch, alarms: { latency_p99_ms: 5 } }"),
        ("serving:", "serving", "must not have alarms with mode batch"),
    ),
    case(
        "a rollout that outlasts Terraform",
        *(PROJECT, "serving: {}", "serving: { rollout: { shift: linear, percent: 10, bake_minutes: 20 } }"),
        ("serving:", "serving.rollout", "shorten bake_minutes, or take a greater percent"),
    ),
    case(
        "a passport that asks less of more risk",
        *(
            ORGANIZATION,
            "name: minnow\n",
            "name: minnow\nml_operations: { passport: { high: { approvers: 1 }, medium: { approvers: 2 } } }\n",
        ),
        (
            "ml_operations:",
            "ml_operations.passport",
            "must not ask less of high than of medium risk: raise high.approvers",
        ),
    ),
    case(
        "the hash of another Terraform, cut",
        *(
            ORGANIZATION,
            "name: minnow\n",
            "name: minnow\nml_operations: { release: { tools: { terraform_sha256: abc } } }\n",
        ),
        (
            "ml_operations:",
            "ml_operations.release.tools.terraform_sha256",
            "must have exactly 64 characters, and has 3",
        ),
    ),
)


@pytest.mark.parametrize("bad", CASES, ids=lambda bad: bad.fact)
def test_what_cannot_be_served_is_told(bad: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with its file, its line and what to do."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(bad)
    assert_complaints(bad.expected)


@pytest.mark.parametrize(
    ("level", "serving", "told"),
    [
        ("sandbox", "{ mode: serverless }", 0),
        ("standard", "{ mode: serverless }", 1),
        ("standard", "{ mode: serverless, ended: true }", 0),
    ],
)
def test_serverless_stands_where_guardrails_let_it(
    level: str, serving: str, told: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AWS has such an endpoint in no network of ours; one that has ended is nobody's fault."""
    copy_of_small(tmp_path, monkeypatch)
    for name, old, new in (
        (ORGANIZATION, "name: Workloads, guardrails: sandbox", f"name: Workloads, guardrails: {level}"),
        (PROJECT, "serving: {}", f"serving: {serving}"),
    ):
        file = CONFIG / name
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1
        file.write_text(text.replace(old, new), encoding="utf-8")
    if not told:
        load(CONFIG)
        return
    (line,) = complaints()
    assert "order-returns.yaml" in line
    assert "serving.mode must not be serverless in workload: AWS has" in line
