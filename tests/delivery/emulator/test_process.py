"""The emulator as a child process: it starts, answers, and is gone afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
import urllib.request
from pathlib import Path

import pytest

from delivery.emulator import Emulator
from delivery.emulator.process import EmulatorError

START_BUDGET = 10.0  # seconds; about 1 on an idle machine


def answers(endpoint: str) -> bool:
    try:
        with urllib.request.urlopen(endpoint + "/moto-api/data.json", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:  # refused, or reset while the server goes
        return False


def gone(endpoint: str) -> bool:
    """Whether the emulator stops answering within five seconds."""
    deadline = time.monotonic() + 5
    while answers(endpoint):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.e2e
def test_it_answers_inside_the_block_and_is_gone_after_an_exception(tmp_path: Path) -> None:
    """The server is ready on entry, its log is where the caller said, and no way out leaves it running."""
    log, started = tmp_path / "logs" / "emulator.log", time.monotonic()
    emulator, endpoints = Emulator(log), []

    def leave_early() -> None:
        with emulator:
            endpoints.append(emulator.endpoint)
            assert time.monotonic() - started < START_BUDGET
            assert answers(emulator.endpoint)
            raise RuntimeError("left early")

    with pytest.raises(RuntimeError, match="left early"):
        leave_early()
    assert not answers(endpoints[0])
    assert log.is_file()
    with pytest.raises(EmulatorError, match="not running"):
        _ = emulator.endpoint


@pytest.mark.e2e
def test_it_ends_with_a_killed_parent(tmp_path: Path) -> None:
    """Kill -9 of the process that started it leaves no server behind."""
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            textwrap.dedent(
                f"""
                import sys, time
                from pathlib import Path
                from delivery.emulator import Emulator
                with Emulator(Path({str(tmp_path / "emulator.log")!r})) as emulator:
                    sys.stdout.write(emulator.endpoint + "\\n")
                    sys.stdout.flush()
                    time.sleep(60)
                """
            ),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    endpoint = parent.stdout.readline().strip()
    assert answers(endpoint)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert gone(endpoint)


def test_a_failed_start_names_the_log(tmp_path: Path) -> None:
    """A wrong account id ends the server before it is ready; the error says where to read why."""
    log = tmp_path / "emulator.log"
    with pytest.raises(EmulatorError, match=r"emulator\.log"), Emulator(log, management_account="none"):
        pytest.fail("it started")
    assert "is not an account id of twelve digits" in log.read_text(encoding="utf-8")
