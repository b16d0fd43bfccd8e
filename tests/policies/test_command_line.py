"""The gate's records beside those of checkov's command line, over the reference organisation and known blind spots."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.gate import CHECKOV, QUIET
from policies.isolation import PACKAGE
from policies.record import Record
from policies.view import BLINDING_BLOCKS, view
from tests.policies.differences import KINDS, Difference, blind_spots
from tests.policies.support import text
from tests.support.organisations import Synthesised

if TYPE_CHECKING:
    from policies.scan.engine import Engine

pytestmark = pytest.mark.e2e

Key = tuple[str, str, str]  # stack, policy, address


@pytest.fixture(scope="module", name="tree")
def _tree(synthesised: Synthesised, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stacks of the reference organisation without what makes checkov drop their files, and the blind spots."""
    tree = tmp_path_factory.mktemp("tree")
    for path in sorted(synthesised("acme").glob("stacks/*/cdk.tf.json")):
        document = json.loads(path.read_bytes())
        for block in BLINDING_BLOCKS:
            document.pop(block, None)
        document["terraform"].pop("required_version")
        _write(tree, path.parent.name, document)
    for name, document in blind_spots().items():
        _write(tree, name, document)
    return tree


def _write(tree: Path, name: str, document: Mapping[str, Any]) -> None:
    (tree / name).mkdir()
    (tree / name / "cdk.tf.json").write_bytes(text(document))


@pytest.fixture(scope="module", name="plain")
def _plain(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Key, str]:
    """What the command line says of the tree. Its records name a line, which tells the address."""
    home = tmp_path_factory.mktemp("home")
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(PACKAGE.parent), **QUIET}
    command = [*CHECKOV, "-d", str(tree), "--external-checks-dir", str(PACKAGE / "checks")]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *command], cwd=home, env=environment, capture_output=True, check=False
    )
    results = json.loads(done.stdout)["results"]
    lines = {path.parent.name: _starts(path) for path in tree.glob("*/cdk.tf.json")}
    found: dict[Key, str] = {}
    for record in results["passed_checks"] + results["failed_checks"]:
        stack = record["file_path"].split("/")[1]
        starts = lines[stack]
        address = starts[bisect_right(starts, (record["file_line_range"][0], "~")) - 1][1]
        outcome = record["check_result"]["result"].lower()
        key = (stack, record["check_id"], address)
        found[key] = "failed" if found.get(key) == "failed" else outcome  # instances of one block share its address
    return found


def _starts(path: Path) -> list[tuple[int, str]]:
    return sorted((line, address) for address, line in view(path.read_bytes()).lines.items())


@pytest.fixture(scope="module", name="gated")
def _gated(tree: Path, engine: Engine) -> dict[Key, Record]:
    """What the gate's engine says of the same files."""
    return {
        (path.parent.name, record.policy, record.address): record
        for path in sorted(tree.glob("*/cdk.tf.json"))
        for record in engine.scan(path.read_bytes()).records
    }


@pytest.fixture(scope="module", name="differences")
def _differences(plain: Mapping[Key, str], gated: Mapping[Key, Record]) -> list[Difference]:
    return list(_compare(plain, gated))


def _compare(plain: Mapping[Key, str], gated: Mapping[Key, Record]) -> Iterator[Difference]:
    for key in sorted(plain.keys() | gated.keys()):
        record = gated.get(key)
        outcome = record.outcome.value if record else None
        if plain.get(key) != outcome:
            yield Difference(*key, plain.get(key), outcome, record.message if record else "")


def test_most_records_are_equal(plain: Mapping[Key, str], gated: Mapping[Key, Record]) -> None:
    """Thousands of records over the reference organisation have the same outcome on both sides."""
    assert sum(plain.get(key) == record.outcome.value for key, record in gated.items()) > 3_000


def test_every_difference_is_explained_once(differences: list[Difference]) -> None:
    """Each record on which the sides differ is of exactly one kind of the table."""
    kinds = {found: [name for name, kind in KINDS.items() if kind.covers(found)] for found in differences}
    assert [(found, names) for found, names in kinds.items() if len(names) != 1] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_explanation_explains_something(differences: list[Difference], kind: str) -> None:
    """A row of the table that no difference needs is removed."""
    assert any(KINDS[kind].covers(found) for found in differences)


def test_the_gate_passes_nothing_that_the_command_line_fails(differences: list[Difference]) -> None:
    """No difference makes the gate the milder of the two, but a value that it knows and the command line does not."""
    milder = [found for found in differences if found.plain == "failed"]
    assert [found for found in milder if not KINDS["literal local"].covers(found)] == []
