"""Every Terraform address is pinned: a changed one is a move or a replacement, and must be meant."""

from __future__ import annotations

import difflib
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.organisations import ORGANISATIONS, ROOT, Synthesised, documents

GOLDEN = ROOT / "tests" / "golden"


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.e2e if name == "acme" else ()) for name in ORGANISATIONS]
)
def test_addresses_are_those_of_the_golden_list(
    name: str, synthesised: Synthesised, pytestconfig: pytest.Config
) -> None:
    """The address list equals the golden one; a missing golden fails; `make golden` rewrites it, never under CI."""
    addresses = _addresses(synthesised(name))
    golden = GOLDEN / f"{name}.addresses.txt"
    if pytestconfig.getoption("--update-golden"):
        assert os.environ.get("CI", "") != "true", "goldens are not rewritten in CI"
        golden.write_text(addresses, encoding="utf-8")
    assert golden.is_file(), f"{golden} is missing: run `make golden` and review what it writes"
    old = golden.read_text(encoding="utf-8")
    changes = difflib.unified_diff(old.splitlines(), addresses.splitlines(), "golden", "now", lineterm="", n=0)
    assert old == addresses, "\n".join(["addresses changed: see CONTRIBUTING, 'Rename something'", *changes])


def _addresses(out: Path) -> str:
    """Stacks with the same addresses stand together: their ids, below them each type with its names, indented."""
    stacks: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for entry, document in documents(out):
        stacks[tuple(_lines(document.get("resource", {})))].append(entry.id)
    blocks = sorted([*sorted(ids), *lines] for lines, ids in stacks.items())
    return "\n".join(line for block in blocks for line in block) + "\n"


def _lines(resources: Mapping[str, Any]) -> Iterator[str]:
    for kind in sorted(resources):
        yield f"  {kind}"
        yield from (f"    {name}" for name in sorted(resources[kind]))


def test_goldens_stay_small_enough_to_review() -> None:
    """All goldens together stay below 400 kB."""
    assert sum(path.stat().st_size for path in GOLDEN.rglob("*") if path.is_file()) < 400_000
