"""Runs programs that may reach this machine alone, and knows whom else they asked.

Python and Node are watched from within; Go (Terraform, its providers) has no such door, but asks the proxy that it is
told of, which is a listener here that answers nobody.
"""

from __future__ import annotations

import os
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

WATCHING = Path(__file__).with_name("watching")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


class Watch:
    """Programs started by `run` see no network; `asked` is what they asked of others, each as `who whom`."""

    def __init__(self, record: Path, proxy: str) -> None:
        self._record, self._proxy = record, proxy
        record.touch()

    @property
    def asked(self) -> list[str]:
        """Without doubles, sorted."""
        return sorted(set(self._record.read_text(encoding="utf-8").splitlines()))

    def environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        """This process' environment with the variables and what watches; proxies of the variables stay."""
        proxies = {each: self._proxy for name in _PROXIES for each in (name, name.lower())}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        given = {**inherited, **proxies, "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}
        given |= variables
        path = [str(WATCHING), *filter(None, [given.get("PYTHONPATH")])]
        preload = f'--require "{WATCHING / "connections.cjs"}"'
        return given | {
            "MLGOV_TEST_CONNECTIONS": str(self._record),
            "PYTHONPATH": os.pathsep.join(path),
            "NODE_OPTIONS": f"{given.get('NODE_OPTIONS', '')} {preload}".strip(),
        }

    def run(
        self, command: Sequence[str | Path], cwd: Path, variables: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """The program, to its end."""
        return subprocess.run(
            [str(word) for word in command],
            cwd=cwd,
            env=self.environment(variables),
            capture_output=True,
            text=True,
            check=False,
        )


@contextmanager
def watch(folder: Path) -> Iterator[Watch]:
    """A watch that keeps its record in the folder."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        record = folder / "connections"
        seen = Watch(record, f"http://127.0.0.1:{listener.getsockname()[1]}")
        threading.Thread(target=_refuse, args=(listener, record), daemon=True).start()
        yield seen
        listener.shutdown(socket.SHUT_RDWR)  # wakes the thread


def _refuse(listener: socket.socket, record: Path) -> None:
    """Write down what the proxy is asked for, and close the line."""
    while True:
        try:
            line, _ = listener.accept()
        except OSError:
            return
        with line:
            line.settimeout(5)
            wanted = line.recv(4096).decode("latin-1").partition("\r\n")[0]
            with record.open("a", encoding="utf-8") as file:
                file.write(f"proxy {wanted}\n")
