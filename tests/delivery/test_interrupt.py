"""Ctrl-C, kill and locks: Terraform is never cut off from its state, and a lock is never left unsaid."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from delivery.run_result import RunResult
from tests.delivery.conftest import Deliver, statuses
from tests.support.stacks import Synthesis, shell

pytestmark = pytest.mark.e2e  # it starts Terraform, if not against AWS

Start = Callable[[str], "subprocess.Popen[bytes]"]


@pytest.fixture
def start(synthesis: Synthesis, tmp_path: Path) -> Iterator[Start]:
    """`start(verb)`: mlgov's run as a process of its own, in the working folder that `deliver` uses, too."""
    started: list[subprocess.Popen[bytes]] = []

    def start(verb: str) -> subprocess.Popen[bytes]:
        synthesis.manifest.write(synthesis.out)
        command = [sys.executable, "-m", "tests.support.deliver", verb, str(synthesis.out), str(tmp_path / "work")]
        root = Path(__file__).parents[2]
        started.append(subprocess.Popen(command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_lets_terraform_finish_and_starts_nothing_new(
    synthesis: Synthesis, deliver: Deliver, start: Start, tmp_path: Path, number: signal.Signals
) -> None:
    """Terraform saves its state and releases its lock, the rest is not started, and the next apply converges."""
    began = tmp_path / "began"
    slow = shell(f"test -e {began} || {{ touch {began}; sleep 3; }}")
    synthesis.stack("slow", {"quick": {}, "x": {**slow, "depends_on": ["terraform_data.quick"]}})
    synthesis.stack("next", {"x": {}}, depends_on=["slow"])
    process = start("apply")
    until(began.exists)
    process.send_signal(number)
    assert process.wait(20) == 4
    result = RunResult.read(tmp_path / "work/acme/aws/last-apply.json")
    assert statuses(result) == {"slow": "interrupted", "next": "interrupted"}
    assert result.stacks[1].note == "not started"
    assert "terraform_data.quick" in synthesis.applied("slow")
    assert not list(synthesis.states.glob("*.lock.info"))
    assert statuses(deliver("apply")) == {"slow": "applied", "next": "applied"}


def test_a_killed_mlgov_leaves_a_terraform_that_finishes(
    synthesis: Synthesis, deliver: Deliver, start: Start, tmp_path: Path
) -> None:
    """kill -9 of mlgov does not kill Terraform; the next apply waits for it and then finds nothing left to do there."""
    began = tmp_path / "began"
    synthesis.stack("slow", {"x": shell(f"touch {began}; sleep 1.5")})
    synthesis.stack("next", {"x": {}}, depends_on=["slow"])
    process = start("apply")
    until(began.exists)
    process.kill()
    process.wait()
    assert statuses(deliver("apply")) == {"slow": "unchanged", "next": "applied"}
    assert statuses(deliver("plan")) == {"slow": "unchanged", "next": "unchanged"}


def test_a_killed_terraform_is_made_good_by_the_next_apply(
    synthesis: Synthesis, deliver: Deliver, start: Start, tmp_path: Path
) -> None:
    """When mlgov and its Terraform are both killed in the middle of a resource, apply again converges."""
    began, pid_file = tmp_path / "began", tmp_path / "pid"
    # The shell's parent is Terraform.
    synthesis.stack("slow", {"x": shell(f"test -e {began} || {{ echo $PPID > {pid_file}; touch {began}; sleep 3; }}")})
    process = start("apply")
    until(began.exists)
    process.kill()
    os.kill(int(pid_file.read_text(encoding="utf-8")), signal.SIGKILL)
    process.wait()
    assert statuses(deliver("apply"))["slow"] == "applied"
    assert statuses(deliver("plan")) == {"slow": "unchanged"}


def test_two_runs_in_one_folder_wait_for_each_other(
    synthesis: Synthesis, deliver: Deliver, start: Start, tmp_path: Path
) -> None:
    """A second apply in the same working folder waits for the first one's Terraform instead of failing on its lock."""
    began = tmp_path / "began"
    synthesis.stack("slow", {"x": shell(f"touch {began}; sleep 1")})
    process = start("apply")
    until(began.exists)
    assert statuses(deliver("apply"))["slow"] == "unchanged"
    assert process.wait(20) == 0


def test_a_foreign_lock_is_reported_with_its_owner_and_the_command(
    synthesis: Synthesis, deliver: Deliver, start: Start, tmp_path: Path
) -> None:
    """A state locked from elsewhere fails with the lock's ID, path, time and owner, and how to remove it; it stays."""
    began = tmp_path / "began"
    synthesis.stack("slow", {"x": shell(f"touch {began}; sleep 2")})
    process = start("apply")
    until(began.exists)
    result = deliver("apply", work=tmp_path / "another-machine")
    assert statuses(result) == {"slow": "failed"}
    failure = result.stacks[0].failure
    assert failure is not None
    assert failure.summary == "Error acquiring the state lock"
    assert "slow.tfstate, held since 20" in failure.advice
    assert "another-machine/acme/aws/run/slow force-unlock" in failure.advice
    assert process.wait(20) == 0
