"""The main job from YAML to report, with real Terraform against the embedded AWS."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import main
from delivery.emulator import Emulator
from environments.graph import StackGraph
from environments.load import load
from tests.support.organisations import Synthesised

ROOT = Path(__file__).parents[2]


def _demo(place: Path, config: str) -> str:
    """Run the demo as a user would; returns what it printed."""
    done = subprocess.run(
        [
            sys.executable,
            "main.py",
            "demo",
            "--config",
            config,
            "--out",
            str(place / "out"),
            "--work",
            str(place / "work"),
        ],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "160"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def _result(place: Path, organization: str, verb: str) -> dict[str, dict[str, Any]]:
    path = place / "work" / organization / "emulated" / f"last-{verb}.json"
    return {stack["id"]: stack for stack in json.loads(path.read_text(encoding="utf-8"))["stacks"]}


@pytest.mark.e2e
def test_three_accounts_from_yaml_to_report(tmp_path: Path) -> None:
    """The small organisation, which has each kind of stack, applies; its second plan is empty; accounts lie apart.

    The evidence of it says of every stack that what was reviewed is what is applied.
    """
    printed = _demo(tmp_path, "examples/small")
    applied, planned = (_result(tmp_path, "minnow", verb) for verb in ("apply", "plan"))
    assert set(applied) == set(StackGraph(load(ROOT / "examples" / "small")).nodes)
    assert {stack["status"] for stack in applied.values()} == {"applied", "unchanged"}
    assert {stack["status"] for stack in planned.values()} == {"unchanged"}
    owners = re.findall(r"^as (\w+) \(\d+\): (.*?)(?=^as |^─)", printed, flags=re.MULTILINE | re.DOTALL)
    buckets = {owner: set(re.split(r"[,\s]+", listed)) for owner, listed in owners}
    assert set(buckets) == {"master", "platform", "workload"}
    for bucket, owner in (("tfstate", "master"), ("logs", "platform"), ("workload-hooks", "workload")):
        assert [name for name, held in buckets.items() if f"minnow-org-{bucket}" in held] == [owner]
    page = (tmp_path / "work" / "minnow" / "report.html").read_text(encoding="utf-8")
    assert "minnow" in page
    assert "platform-logs" in page
    place = ("--out", str(tmp_path / "out"), "--work", str(tmp_path / "work"), "--to", str(tmp_path / "pack"))
    assert main.main(["evidence", *place, "--target", "emulated"]) == 0
    assert main.main(["evidence", "verify", str(tmp_path / "pack"), "--applied"]) == 0


@pytest.mark.e2e
def test_what_only_a_large_organisation_has(tmp_path: Path, synthesised: Synthesised) -> None:
    """The kinds of stacks that the small organisation lacks apply, too, and do not drift."""
    small, large = (StackGraph(load(ROOT / config)) for config in ("examples/small", "environments"))
    lacking = {node.stack for node in large.nodes.values()} - {node.stack for node in small.nodes.values()}
    assert lacking == {"landing-zone", "control-tower", "quotas"}
    only = [node.id for node in large.nodes.values() if node.stack in lacking]
    log = tmp_path / "emulator.log"
    with Emulator(log, management_account=large.management.id or "", region=large.organization.home_region) as emulator:
        place = ("--out", str(synthesised("acme")), "--work", str(tmp_path / "work"), "--emulated", emulator.endpoint)
        assert main.main(["bootstrap", *place]) == 0
        for stack in ("management-organization", *only):
            assert main.main(["apply", "--stack", stack, *place]) == 0, stack
        for stack in only:
            assert main.main(["plan", "--stack", stack, "--fail-on-drift", *place]) == 0, stack


@pytest.mark.full
def test_the_whole_reference_organisation(tmp_path: Path) -> None:
    """Every stack of the reference organisation is applied, and none drifts."""
    _demo(tmp_path, "environments")
    applied, planned = (_result(tmp_path, "acme", verb) for verb in ("apply", "plan"))
    assert set(applied) == set(StackGraph(load(ROOT / "environments")).nodes)
    assert {stack["status"] for stack in applied.values()} == {"applied", "unchanged"}
    assert {stack["status"] for stack in planned.values()} == {"unchanged"}
