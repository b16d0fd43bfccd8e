"""Every Terraform address is pinned: a changed one is a move or a replacement, and must be meant."""

from __future__ import annotations

import difflib
import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pytest

from tests.support.organisations import ORGANISATIONS, ROOT, Synthesised, documents

GOLDEN = ROOT / "tests" / "golden"
Address = tuple[str, str]  # type and name


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
    remedy = (
        "addresses changed. A construct was renamed, or stands elsewhere: add a Move to environments/moves.py, or its "
        "resources are destroyed and made anew (docs/how-to/refactor-without-loss.md). Meant: `make golden`"
    )
    assert old == addresses, "\n".join([remedy, *changes])


def _addresses(out: Path) -> str:
    """What all stacks of a kind have stands once, below their ids; what some have besides, once more below theirs."""
    kinds: dict[str, dict[str, set[Address]]] = defaultdict(dict)
    for entry, document in documents(out):
        resources = document.get("resource", {})
        kinds[entry.stack][entry.id] = {(kind, name) for kind, named in resources.items() for name in named}
    blocks = sorted(block for stacks in kinds.values() for block in _blocks(stacks))
    return "\n".join(line for block in blocks for line in block) + "\n"


def _blocks(stacks: Mapping[str, set[Address]]) -> Iterator[list[str]]:
    shared = frozenset(set.intersection(*stacks.values()))
    groups: dict[frozenset[Address], list[str]] = defaultdict(list)
    for stack, addresses in stacks.items():
        groups[frozenset(addresses - shared)].append(stack)
    for own, ids in [(shared, [*stacks]), *groups.items()]:
        if own:
            yield [*sorted(ids), *_lines(own)]


def _lines(addresses: Collection[Address]) -> Iterator[str]:
    for kind, named in groupby(sorted(addresses), key=itemgetter(0)):
        yield f"  {kind}"
        yield from (f"    {name}" for _, name in named)


def test_goldens_stay_small_enough_to_review() -> None:
    """All goldens together stay below 400 kB."""
    assert sum(path.stat().st_size for path in GOLDEN.rglob("*") if path.is_file()) < 400_000
