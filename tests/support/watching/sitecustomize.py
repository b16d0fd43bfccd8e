"""Lets this Python reach only this machine: what it asks of others is written down and refused.

Python imports a module of this name when it starts, if its folder is on PYTHONPATH.
"""

from __future__ import annotations

import errno
import ipaddress
import os
import sys
from pathlib import Path
from typing import Any

_OWN = ("", "localhost", "localhost.localdomain")


def _refuse_others(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else str(host or "")
    if name in _OWN or _loopback(name):
        return
    with Path(os.environ["MLGOV_TEST_CONNECTIONS"]).open("a", encoding="utf-8") as file:
        file.write(f"python {name}\n")
    raise OSError(errno.ENETUNREACH, f"tests let nothing reach {name}")


def _loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


sys.addaudithook(_refuse_others)
