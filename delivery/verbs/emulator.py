"""Serve the embedded AWS until Ctrl-C, for runs with --emulated."""

from __future__ import annotations

import argparse

from delivery.verbs import shared


def options(child: argparse.ArgumentParser) -> None:
    shared.config(child)
    child.add_argument("--port", type=int, default=5000, help="port on 127.0.0.1; 0 takes a free one")


def run(options: argparse.Namespace) -> int:
    from delivery.emulator.server import serve
    from environments.load import load

    serve(options.port, load(options.config).management.id or "", stop_with_stdin=False)
    return 0
