"""Make the state buckets, then move the bootstrap stack's own state into the bucket it made."""

from __future__ import annotations

import argparse

from delivery.verbs import gate, running, shared


def options(child: argparse.ArgumentParser) -> None:
    shared.out(child)
    shared.work(child)
    shared.emulated(child)


def run(options: argparse.Namespace) -> int:
    from rich.console import Console

    from delivery.bootstrap import bootstrap
    from delivery.progress import ConsoleReporter, table
    from environments.manifest import Manifest

    manifest, console = Manifest.read(options.out), Console()
    with ConsoleReporter(console, 1) as reporter:
        result = bootstrap(
            manifest,
            options.out,
            target=running.target(options),
            work=options.work,
            reporter=reporter,
            allowed=gate.allowed(gate.folder(manifest, options)),
        )
    console.print(table(result))
    return result.exit_code()
