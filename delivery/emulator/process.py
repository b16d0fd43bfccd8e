"""The emulator as a child process that lives exactly as long as the block that uses it."""

from __future__ import annotations

import re
import selectors
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import IO

from delivery.emulator.client import MANAGEMENT_ACCOUNT, REGION, ExistingEmulator
from modules.core.errors import MlgovError

START_SECONDS = 30.0
STOP_SECONDS = 5.0
_READY = re.compile(r"ready (http://\S+)\n")
_ROOT = Path(__file__).resolve().parents[2]


class EmulatorError(MlgovError):
    """The emulator did not start; the message says why and what to do."""


class Emulator:
    """An emulator of our own, on a free port of the loopback interface.

    Guarantees: on entry it answers requests, or EmulatorError is raised within `START_SECONDS`; on exit, however
    the block is left, the process has ended; if this process is killed, the emulator ends by itself. It runs in a
    session of its own: a terminal's Ctrl-C does not reach it, so Terraform can still write its state.
    What the server has to say goes to `log`.
    """

    def __init__(self, log: Path, *, management_account: str = MANAGEMENT_ACCOUNT, region: str = REGION) -> None:
        self._log = log
        self._management_account = management_account
        self._region = region
        self._process: subprocess.Popen[str] | None = None
        self._client: ExistingEmulator | None = None

    @property
    def endpoint(self) -> str:
        """Address of the running server; raises EmulatorError outside the `with` block."""
        return self._running().endpoint

    def environment(self) -> dict[str, str]:
        """Variables for a child process; see `ExistingEmulator.environment`."""
        return self._running().environment()

    def __enter__(self) -> Emulator:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "delivery.emulator", "--port", "0", "--stop-with-stdin"]
        command += ["--management-account", self._management_account]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        try:
            self._client = ExistingEmulator(self._await_ready(self._process), self._region)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _running(self) -> ExistingEmulator:
        if self._client is None:
            raise EmulatorError("the emulator is not running: use it inside `with Emulator(log) as emulator:`")
        return self._client

    def _await_ready(self, process: subprocess.Popen[str]) -> str:
        output = _pipe(process.stdout)
        with selectors.DefaultSelector() as selector:
            selector.register(output, selectors.EVENT_READ)
            line = output.readline() if selector.select(START_SECONDS) else None
        if line is None:
            raise EmulatorError(f"the emulator was not ready after {START_SECONDS:.0f} s; read {self._log}")
        ready = _READY.fullmatch(line)
        if ready is None:
            raise EmulatorError(
                f"the emulator did not start; read {self._log}. If moto is missing there, run `make setup`."
            )
        return ready[1]

    def _stop(self) -> None:
        process, self._process, self._client = self._process, None, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _pipe(process.stdin).close()
        _pipe(process.stdout).close()


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None, "the child was started with pipes"
    return stream
