"""Run one Terraform command so that neither Ctrl-C nor our own death can cut it off from its state."""

from __future__ import annotations

import fcntl
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import BinaryIO

POLL_SECONDS = 0.05
NOT_STARTED = 130  # what a shell gives for a command that Ctrl-C ended
OUTPUT = "stdout.jsonl"


@dataclass(slots=True)
class Stop:
    """Set once by Ctrl-C or SIGTERM; read by every thread."""

    requested: bool = False


@contextmanager
def interruptible() -> Iterator[Stop]:
    """Turn SIGINT and SIGTERM into `Stop.requested` while the body runs.

    Outside the main thread Python cannot set handlers; there the caller's handlers stay in force.
    """
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def request(signum: int, frame: FrameType | None) -> None:
        # Only an assignment: a lock taken in a handler may already be held by the code it interrupts.
        stop.requested = True

    before = {number: signal.signal(number, request) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended. `interrupted` says that we passed a signal on to it before that."""

    exit_code: int
    interrupted: bool
    stderr: str


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    scratch: Path,
    stop: Stop,
    on_line: Callable[[str], None],
    hold: BinaryIO,
) -> Finished:
    """Run `command`, hand each line of its standard output to `on_line`, and wait for its end; not if stopped before.

    Guarantees: it runs in its own session, so a terminal's Ctrl-C reaches it only through us, once, as SIGINT;
    its output goes to files in `scratch` instead of a pipe, so it finishes and releases its state lock even if
    we are killed; `hold`, an empty file, is its standard input, so `exclusive` knows that it still runs.
    """
    if stop.requested:
        return Finished(NOT_STARTED, True, "")
    output, errors = scratch / OUTPUT, scratch / "stderr.txt"
    with output.open("wb") as out, errors.open("wb") as err, output.open("rb") as lines:
        process = subprocess.Popen(
            list(command),
            cwd=cwd,
            env=dict(env),
            # No other descriptor: Terraform's plugins and provisioners inherit all but the first three, and may
            # outlive a Terraform that was killed.
            stdin=hold,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        interrupted, pending = False, b""
        while True:
            ended = _ended(process)
            pending += lines.read()
            *whole, pending = pending.split(b"\n")
            for line in whole:
                on_line(line.decode("utf-8", "replace"))
            if ended:
                break
            if stop.requested and not interrupted:
                process.send_signal(signal.SIGINT)
                interrupted = True
        if pending:
            on_line(pending.decode("utf-8", "replace"))
    return Finished(process.returncode, interrupted, errors.read_text(encoding="utf-8", errors="replace"))


def forget_output(scratch: Path) -> None:
    """Remove what the last command that ran with this scratch folder printed."""
    (scratch / OUTPUT).unlink(missing_ok=True)


def _ended(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(timeout=POLL_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True


@contextmanager
def exclusive(path: Path, *, stop: Stop, on_wait: Callable[[], None]) -> Iterator[BinaryIO | None]:
    """Hold `path` as nobody else on this machine does, waiting for whoever does; None if stopped while waiting.

    The holder may be another mlgov, or a Terraform whose mlgov was killed: both are worth waiting for, and
    having the file proves that no earlier Terraform of this folder is alive.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as held:
        told = False
        while not _try_lock(held):
            if stop.requested:
                yield None
                return
            if not told:
                on_wait()
                told = True
            threading.Event().wait(POLL_SECONDS)
        yield held


def _try_lock(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
