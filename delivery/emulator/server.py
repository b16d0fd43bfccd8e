"""The server process: moto's WSGI application behind the gateway."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType

# moto reads its settings while it is imported.
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
os.environ.pop("MOTO_ACCOUNT_ID", None)

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from delivery.emulator.gateway import Gateway
from delivery.emulator.services import SERVICES
from delivery.emulator.store import Store

HOST = "127.0.0.1"


def application(management_account: str) -> Gateway:
    """The whole emulator as one WSGI application. Mends moto in this process."""
    for service in SERVICES:
        for mend in service.mends:
            mend()
    return Gateway(DomainDispatcherApplication(create_backend_app), SERVICES, Store(), management_account)


def serve(port: int, management_account: str, *, stop_with_stdin: bool) -> None:
    """Serve on the loopback interface until SIGTERM or Ctrl-C, or the end of standard input if so asked.

    Writes one line, `ready http://127.0.0.1:<port>`, to standard output once requests are answered.
    """
    server = make_server(HOST, port, application(management_account), threaded=True, request_handler=MotoRequestHandler)

    def stop(signum: int | None = None, frame: FrameType | None = None) -> None:
        # shutdown() waits for serve_forever(), so it must not run in the thread that serves.
        threading.Thread(target=server.shutdown, daemon=True).start()

    def stop_at_end_of_input() -> None:
        sys.stdin.buffer.read()
        stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if stop_with_stdin:
        threading.Thread(target=stop_at_end_of_input, daemon=True).start()
    sys.stdout.write(f"ready http://{HOST}:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.05)
