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
