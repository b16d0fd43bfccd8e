"""What the small organisation lacks, with real Terraform against the embedded AWS."""

from __future__ import annotations

from pathlib import Path

import pytest

import main
from delivery.emulator import Emulator
from environments.graph import StackGraph
from environments.load import load
from tests.support.organisations import ROOT, Synthesised


@pytest.mark.e2e
def test_what_only_a_large_organisation_has(tmp_path: Path, synthesised: Synthesised) -> None:
    """The kinds of stacks that the small organisation lacks apply, too, and do not drift."""
    small, large = (StackGraph(load(ROOT / config)) for config in ("examples/small", "environments"))
    lacking = {node.stack for node in large.nodes.values()} - {node.stack for node in small.nodes.values()}
    assert lacking == {"landing-zone", "control-tower", "quotas", "log-copy"}
    only = [node.id for node in large.nodes.values() if node.stack in lacking]
    log = tmp_path / "emulator.log"
    with Emulator(log, management_account=large.management.id or "", region=large.organization.home_region) as emulator:
        place = ("--out", str(synthesised("acme")), "--work", str(tmp_path / "work"), "--emulated", emulator.endpoint)
        assert main.main(["bootstrap", *place]) == 0
        for stack in ("management-organization", *only):
            assert main.main(["apply", "--stack", stack, *place]) == 0, stack
        for stack in only:
            assert main.main(["plan", "--stack", stack, "--fail-on-drift", *place]) == 0, stack
